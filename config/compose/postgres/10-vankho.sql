-- Run once, at the first start, by the image: the role of the program, which is no superuser, and its database.
\set ON_ERROR_STOP on
\getenv password VANKHO_POSTGRES_PASSWORD
CREATE ROLE vankho LOGIN PASSWORD :'password';
CREATE DATABASE vankho OWNER vankho;
REVOKE CONNECT ON DATABASE vankho FROM PUBLIC;
