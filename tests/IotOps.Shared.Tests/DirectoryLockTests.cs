using IotOps.TestKit;

namespace IotOps.Shared.Tests;

public sealed class DirectoryLockTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FaultyFileSystem _disk = new();

    [Fact]
    public void A_second_owner_is_refused_until_the_first_lets_go()
    {
        string state = _directory["a/b"];
        using (new DirectoryLock(_disk, state, "log shipper"))
        {
            IOException refusal = Should.Throw<IOException>(() => new DirectoryLock(_disk, state, "log shipper"));
            refusal.Message.ShouldContain($"The state directory '{state}' cannot be used, or another log shipper uses it; give each its own");
            using var other = new DirectoryLock(_disk, _directory["c"], "log shipper");
        }

        using var next = new DirectoryLock(_disk, state, "log shipper");
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_directory["file"], "");
        Should.Throw<IOException>(() => new DirectoryLock(_disk, _directory["file/state"], "log shipper")).Message.ShouldContain(_directory["file/state"]);
    }

    public void Dispose() => _directory.Dispose();
}
