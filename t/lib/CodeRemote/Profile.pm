package CodeRemote::Profile;

# Changes a profile of the installation for the length of a test file.

use strict;
use warnings;

use CodeRemote::Env;

use Exporter qw( import );

our @EXPORT_OK = qw( writable edit );

my %shipped;


sub path {
    my ($name, $install) = @_;

    return ($install // CodeRemote::Env::install_dir())
           . "/etc/coderemote/runtimes.d/$name.conf";
}


sub writable {
    my ($name) = @_;

    return -w path($name);
}


sub put {
    my ($path, $text) = @_;

    open my $out, '>', $path or die "$path: $!\n";
    print $out $text;
    close $out or die "$path: $!\n";
}


# Puts the text that the function makes of the shipped one, in $_.  True when
# it changed something.  The installation may be another than the usual one.

sub edit {
    my ($name, $function, $install) = @_;

    my $path = path($name, $install);

    $shipped{$path} //= do {
        open my $in, '<', $path or die "$path: $!\n";
        local $/;
        scalar <$in>;
    };

    local $_ = $shipped{$path};
    $function->();
    put($path, $_);

    return $_ ne $shipped{$path};
}


END {
    put($_, $shipped{$_}) for keys %shipped;
}


1;
