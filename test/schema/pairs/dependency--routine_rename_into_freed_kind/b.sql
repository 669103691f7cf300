create procedure g(int) language sql as '';
