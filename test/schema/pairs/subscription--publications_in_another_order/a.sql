create subscription s connection '' publication p1, p2 with (connect=false, slot_name=none);
