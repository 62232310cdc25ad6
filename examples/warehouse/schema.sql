-- The tables of both backends, and the rows that every launch begins with.
CREATE TABLE users (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  password text NOT NULL,
  name text NOT NULL
);
CREATE TABLE suppliers (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number integer GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL UNIQUE,
  email text,
  phone text,
  active boolean NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE TABLE locations (
  code text PRIMARY KEY,
  number integer GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  max_load_kg numeric(8, 1)
);
CREATE TABLE items (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number integer GENERATED ALWAYS AS IDENTITY,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  category text NOT NULL,
  price numeric(8, 2) NOT NULL,
  weight_kg numeric(8, 3),
  tags text[] NOT NULL,
  notes text,
  supplier_id uuid NOT NULL REFERENCES suppliers,
  home_code text REFERENCES locations,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE TABLE documents (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item_id uuid NOT NULL REFERENCES items ON DELETE CASCADE,
  title text NOT NULL,
  kind text NOT NULL,
  content_type text NOT NULL,
  content bytea NOT NULL
);
CREATE TABLE movements (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item_id uuid NOT NULL REFERENCES items,
  from_code text REFERENCES locations,
  to_code text REFERENCES locations,
  quantity integer NOT NULL,
  reason text NOT NULL
);
CREATE TABLE orders (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  supplier_id uuid NOT NULL REFERENCES suppliers,
  ship_to text NOT NULL REFERENCES locations,
  status text NOT NULL DEFAULT 'draft',
  discount_percent integer NOT NULL,
  wanted_on date,
  note text,
  total numeric(14, 2) NOT NULL,
  confirmed_at timestamptz(3)
);
CREATE TABLE order_lines (
  order_id integer NOT NULL REFERENCES orders ON DELETE CASCADE,
  position integer NOT NULL,
  item_id uuid NOT NULL REFERENCES items,
  quantity integer NOT NULL,
  unit_price numeric(8, 2) NOT NULL,
  PRIMARY KEY (order_id, position)
);

INSERT INTO users (email, password, name) VALUES ('clerk@warehouse.example', 'correct horse', 'Cleo Clerk');
INSERT INTO suppliers (id, name, email, phone, active) VALUES
  ('5a000000-0000-4000-8000-000000000001', 'Norrland Steel', 'sales@norrland.example', '+46 90 100', true),
  ('5a000000-0000-4000-8000-000000000002', 'Alder & Sons', NULL, NULL, true),
  ('5a000000-0000-4000-8000-000000000003', 'Closed Works', NULL, '+44 20 7946', false);
INSERT INTO locations (code, name, max_load_kg) VALUES
  ('A-01', 'Aisle A, shelf 1', 500), ('A-02', 'Aisle A, shelf 2', NULL), ('B-01', 'Cold room', 120.5);
INSERT INTO items (id, sku, name, category, price, weight_kg, tags, supplier_id, home_code) VALUES
  ('17000000-0000-4000-8000-000000000001', 'BOLT-M8', 'Bolt M8', 'part', 0.25, 0.012, '{zinc,metric}',
   '5a000000-0000-4000-8000-000000000001', 'A-01'),
  ('17000000-0000-4000-8000-000000000002', 'NUT-M8', 'Nut M8', 'part', 0.10, NULL, '{}',
   '5a000000-0000-4000-8000-000000000001', NULL),
  ('17000000-0000-4000-8000-000000000003', 'CRATE-60', 'Crate, 60 litres', 'packaging', 18.00, 2.5, '{wood}',
   '5a000000-0000-4000-8000-000000000002', 'B-01');
INSERT INTO movements (item_id, from_code, to_code, quantity, reason) VALUES
  ('17000000-0000-4000-8000-000000000001', NULL, 'A-01', 1000, 'received'),
  ('17000000-0000-4000-8000-000000000001', 'A-01', 'A-02', 200, 'moved'),
  ('17000000-0000-4000-8000-000000000003', NULL, 'B-01', 40, 'received');
INSERT INTO orders (supplier_id, ship_to, discount_percent, total) VALUES
  ('5a000000-0000-4000-8000-000000000001', 'A-01', 10, 22.50);
INSERT INTO order_lines (order_id, position, item_id, quantity, unit_price) VALUES
  (1, 0, '17000000-0000-4000-8000-000000000001', 100, 0.25);
INSERT INTO documents (item_id, title, kind, content_type, content) VALUES
  ('17000000-0000-4000-8000-000000000001', 'Bolt M8, drawing', 'drawing', 'text/plain', 'M8 x 40');
-- A copy of a database has the times of its original.
UPDATE suppliers SET created_at = '2026-01-05T08:00:00.125Z';
UPDATE items SET created_at = '2026-01-05T08:30:00.250Z';
