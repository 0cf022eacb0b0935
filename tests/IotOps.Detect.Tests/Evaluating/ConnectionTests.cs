using IotOps.Detect.Evaluating;

namespace IotOps.Detect.Tests.Evaluating;

/// <summary>Connections are ordered by their version numbers, which begin again after about an hour offline.</summary>
public sealed class ConnectionTests
{
    private const long Minute = 60_000;

    private Connection _connection;

    [Fact]
    public void A_lower_version_changes_nothing_whenever_it_says_it_was()
    {
        Apply(10 * Minute, 5, isConnect: true);
        Apply(12 * Minute, 4, isConnect: false);
        Apply(9 * Minute, 5, isConnect: true);
        (_connection.IsConnected, _connection.Version, _connection.Since).ShouldBe((true, 5, 10 * Minute));
    }

    [Fact]
    public void Within_a_version_the_end_comes_after_the_beginning()
    {
        Apply(11 * Minute, 5, isConnect: false);
        Apply(10 * Minute, 5, isConnect: true);
        (_connection.IsConnected, _connection.Since).ShouldBe((false, 11 * Minute));
    }

    [Fact]
    public void Versions_may_begin_again_after_an_hour_offline()
    {
        Apply(10 * Minute, 57, isConnect: false);
        Apply(40 * Minute, 0, isConnect: true);
        _connection.IsConnected.ShouldBeFalse("half an hour is too short for that");
        Apply(80 * Minute, 0, isConnect: true);
        _connection.IsConnected.ShouldBeTrue();
        Apply(10 * Minute, 57, isConnect: false);
        Apply(5 * Minute, 56, isConnect: true);
        (_connection.IsConnected, _connection.Version).ShouldBe((true, 0), "what was before the numbers began again comes late");
        Apply(90 * Minute, 0, isConnect: false);
        _connection.IsConnected.ShouldBeFalse();
    }

    private void Apply(long time, long version, bool isConnect) => _connection.Apply(new ConnectionChange(time, version, isConnect));
}
