create subscription s connection '' publication p2, p1 with (connect=false, slot_name=none);
