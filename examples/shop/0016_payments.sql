-- migrate:revision b3d86e10f4c7
-- migrate:revises 5f1c0a9b7e21
-- migrate:message Add payments
-- migrate:up
CREATE TYPE payment_method AS ENUM ('card', 'transfer');
CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint NOT NULL REFERENCES invoices,
    method payment_method NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents <> 0)
);
CREATE INDEX payments_invoice_id_idx ON payments (invoice_id);
-- migrate:verify
SELECT id, invoice_id, method, amount_cents FROM payments WHERE false;
-- migrate:down
DROP TABLE payments;
DROP TYPE payment_method;
