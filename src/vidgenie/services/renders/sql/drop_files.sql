-- Files of renders are gone; what else is known of them stays. Relies on: primary key.
UPDATE renders
SET files_until = NULL,
    output = jsonb_set(output, '{key}', 'null')
        || CASE WHEN output ? 'poster_key' THEN '{"poster_key": null}'::jsonb ELSE '{}' END
        || CASE WHEN output ? 'thumbnail_key' THEN '{"thumbnail_key": null}'::jsonb ELSE '{}' END
        || CASE WHEN output ? 'renditions' THEN '{"renditions": []}'::jsonb ELSE '{}' END
        || CASE WHEN output ? 'subtitles' THEN '{"subtitles": {}}'::jsonb ELSE '{}' END
WHERE id = ANY (%(ids)s)
