<?php
// Installs the site in the folder that is given and prints an application password of the user "koira". That user is an author, the least
// role that may publish and delete its own posts, so that the tests meet WordPress's own filter for posts of people who are not trusted with HTML.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
if (!is_blog_installed()) {
    wp_install('koira test', 'admin', 'admin@example.com', false, '', wp_generate_password(24));
    update_option('permalink_structure', '/%postname%/');
}
$id = username_exists('koira');
if (!$id) {
    $id = wp_insert_user(['user_login' => 'koira', 'user_pass' => wp_generate_password(24), 'user_email' => 'koira@example.com', 'role' => 'author']);
}
$made = WP_Application_Passwords::create_new_application_password($id, ['name' => 'koira ' . wp_generate_password(8, false)]);
if (is_wp_error($made)) {
    fwrite(STDERR, $made->get_error_message() . "\n");
    exit(1);
}
echo $made[0];
