"""Files of JSON objects that name parties and relations between them: what BODS and FollowTheMoney share."""
