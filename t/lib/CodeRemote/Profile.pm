package CodeRemote::Profile;

# Changes the profiles of the installation for the length of a test file.  The
# tests' own begins with python and python-open, so that no server waits for
# runtimes that nobody asks, and without packages that take long to warm.

use strict;
use warnings;

use CodeRemote::Env;

use Exporter qw( import );

our @EXPORT_OK = qw( add edit place shipped whole writable );

my %shipped;
my %added;


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


# The text of a profile as it comes with the sources, made for the installation.

sub shipped {
    my ($name) = @_;

    my $install = CodeRemote::Env::install_dir();

    my $path = CodeRemote::Env::root_dir() . "/conf/runtimes.d/$name.conf";

    open my $in, '<', $path or die "$path: $!\n";
    local $/;
    return scalar(<$in>) =~ s{/usr/(?=libexec/coderemote/)}{$install/}gr;
}


# A profile that the installation has not; it is gone with the test.

sub place {
    my ($name, $text, $install) = @_;

    my $path = path($name, $install);

    die "$path is there already\n" if -e $path && !$added{$path};

    $added{$path} = 1;
    put($path, $text);
}


# Those that come with the sources, by name; what is there already stays.

sub add {
    my (@names) = @_;

    for my $name (@names) {
        place($name, shipped($name)) if !-e path($name);
    }
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


# As it comes with the sources, packages that take long to warm and all.

sub whole {
    my ($name) = @_;

    return edit($name, sub { $_ = shipped($name) });
}


END {
    put($_, $shipped{$_}) for keys %shipped;
    unlink keys %added;
}


1;
