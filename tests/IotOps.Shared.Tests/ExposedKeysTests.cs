using IotOps.TestKit;

namespace IotOps.Shared.Tests;

public sealed class ExposedKeysTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ExposedKeys _keys = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead, "0644")]
    [InlineData(UnixFileMode.OtherWrite, "0602")]
    public void A_key_that_others_may_use_is_found_once(UnixFileMode others, string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix's");
        string file = Key(others);

        _keys.Find(file).ShouldBe(mode);
        _keys.Find(file).ShouldBeNull();
    }

    [Fact]
    public void A_key_of_its_owners_alone_is_not_and_neither_is_one_that_is_missing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix's");

        _keys.Find(Key(UnixFileMode.None)).ShouldBeNull();
        _keys.Find(_directory["none.pem"]).ShouldBeNull();
        _keys.Find(null).ShouldBeNull();
    }

    private string Key(UnixFileMode others)
    {
        File.WriteAllText(_directory["key.pem"], "key");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory["key.pem"], UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        }

        return _directory["key.pem"];
    }
}
