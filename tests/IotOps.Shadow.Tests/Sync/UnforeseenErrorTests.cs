using IotOps.TestKit;

namespace IotOps.Shadow.Tests.Sync;

/// <summary>Nothing that a host's own code does ends the conversation in silence.</summary>
public sealed class UnforeseenErrorTests : IAsyncLifetime
{
    private static readonly InvalidOperationException Unforeseen = new("not this package's");

    private readonly ShadowFixture _device = new();
    private readonly TestLogger _log = new();

    [Fact]
    public async Task The_loop_survives_a_connection_that_throws_and_follows_the_cloud_again()
    {
        await OpenConnectedAsync();
        _device.Connection.StateError = Unforeseen;
        _device.Connection.Say(() => _device.Service.Update("""{"desired":{"mode":"eco"}}""", ""));
        await UntilAsync(() => _log.Entries.Any(static entry => entry.Message.Contains("continuing", StringComparison.Ordinal)));

        _device.Connection.StateError = null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        _device.Shadow.Desired["mode"].ShouldBe("eco");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task The_loop_survives_a_logger_that_throws()
    {
        await OpenConnectedAsync();
        _log.Error = Unforeseen;
        _device.Connection.Deliver(new FakeMessage($"$aws/things/{ShadowFixture.Thing}/shadow/update/accepted", "not JSON"));
        await _device.SettleAsync();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(1));

        await _device.CloudAsync("""{"desired":{"mode":"eco"}}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_request_is_made_again_after_a_client_threw_what_it_should_not()
    {
        await OpenConnectedAsync();
        _device.Connection.PublishError = Unforeseen;
        await SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.PublishError = null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(5));
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_logger_that_throws_at_every_timeout_does_not_keep_the_request_in_flight()
    {
        await OpenConnectedAsync();
        _device.Connection.Broker = static _ => [];
        _log.Error = Unforeseen;
        await SetAsync("a", 1);
        await _device.SettleAsync();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(11));
        _device.Connection.Broker = request => _device.Service.Handle(request);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(20));
        await _device.AdvanceAsync(TimeSpan.FromSeconds(20));
        _device.ShouldAgree();
    }

    [Fact]
    public async Task The_subscription_survives_a_client_that_throws_what_it_should_not()
    {
        _device.Connection.SubscribeFailure = Unforeseen;
        await OpenConnectedAsync();
        _device.Connection.SubscribeFailure = null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(10));
        await _device.CloudAsync("""{"desired":{"mode":"eco"}}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task An_edit_comes_back_and_the_next_one_works_when_the_logger_throws_on_a_full_disk()
    {
        await OpenConnectedAsync();
        _log.Error = Unforeseen;
        _device.Disk.FreeBytes = 0;
        await Should.ThrowAsync<IOException>(() => SetAsync("a", 1));
        _device.Disk.FreeBytes = long.MaxValue;
        await SetAsync("b", 2);
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"b":2}""");
        _log.Error = null;
        await _device.OpenAsync();
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"b":2}""");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private Task<ShadowCache> OpenConnectedAsync() => _device.OpenConnectedAsync(options => options with { LoggerFactory = _log });

    private Task SetAsync(string name, int value) =>
        _device.Shadow.Reported.SetAsync(name, value).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 1_000_000 && !isSo(); i++)
        {
            await Task.Yield();
        }

        isSo().ShouldBeTrue();
    }
}
