"""Human Services Data Specification (HSDS) 3.0 of Open Referral: its tables, and files of it. Pure."""
