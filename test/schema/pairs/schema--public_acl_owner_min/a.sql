drop schema public; create schema public; grant all on schema public to public;
