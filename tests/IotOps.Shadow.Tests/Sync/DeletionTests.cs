namespace IotOps.Shadow.Tests.Sync;

public sealed class DeletionTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deleted_and_made_again_in_the_cloud_while_offline(bool forgetsVersions)
    {
        _device.Service.ForgetsVersions = forgetsVersions;
        await _device.OpenConnectedAsync();
        for (int i = 0; i < 5; i++)
        {
            await _device.CloudAsync($$$"""{"desired":{"a":{{{i}}},"old":1}}""");
        }

        _device.Connection.Disconnect();
        _device.Service.Delete();
        _device.Service.Update("""{"desired":{"a":9}}""");
        _device.Connection.Connect();
        await _device.SettleAsync();
        _device.Shadow.Desired.Value.ToString().ShouldBe("""{"a":9}""");
        await _device.CloudAsync("""{"desired":{"a":10}}""");
        _device.ShouldAgree();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deleted_and_made_again_in_the_cloud_while_online(bool forgetsVersions)
    {
        _device.Service.ForgetsVersions = forgetsVersions;
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        await _device.CloudAsync("""{"desired":{"a":2}}""");
        _device.Connection.Say(() => _device.Service.Delete());
        await _device.SettleAsync();
        _device.Shadow.Exists.ShouldBeFalse();
        _device.Shadow.Desired.Value.Count.ShouldBe(0);
        await _device.CloudAsync("""{"desired":{"b":1}}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_deletion_whose_message_was_lost_is_seen_by_the_next_updates_time()
    {
        _device.Service.ForgetsVersions = true;
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        await _device.CloudAsync("""{"desired":{"a":2,"b":1}}""");
        _device.Service.Delete();
        await _device.CloudAsync("""{"desired":{"c":1}}""");
        _device.ShouldAgree();
        _device.Connection.Gets.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_edit_that_waits_survives_the_deletion_of_the_rest()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Disconnect();
        await _device.Shadow.Reported.SetAsync("b", 2);
        _device.Service.Delete();
        _device.Connection.Connect();
        await _device.SettleAsync();
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"b":2}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Deleting_here_holds_offline_over_a_restart_and_reaches_the_cloud()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Disconnect();
        await _device.Shadow.DeleteAsync();
        _device.Shadow.Reported.Value.Count.ShouldBe(0);
        await _device.OpenConnectedAsync();
        _device.Service.State().ShouldBeNull();
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Edits_after_a_deletion_make_a_new_shadow()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Disconnect();
        await _device.Shadow.DeleteAsync();
        await _device.Shadow.Reported.SetAsync("b", 2);
        _device.Connection.Connect();
        await _device.SettleAsync();
        _device.Service.State()!.ToJsonString().ShouldBe("""{"reported":{"b":2}}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_not_made_twice()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Network = static _ => [];
        await _device.Shadow.DeleteAsync();
        await _device.SettleAsync();
        _device.Connection.Network = static message => [message];
        await _device.AdvanceAsync(TimeSpan.FromSeconds(10));
        _device.Connection.Published.Count(static m => m.Topic.EndsWith("/delete", StringComparison.Ordinal)).ShouldBe(1);
        _device.ShouldAgree();
        await _device.Shadow.SyncAsync().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    [Fact]
    public async Task What_is_being_deleted_does_not_come_back_meanwhile()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        List<FakeMessage> late = [];
        _device.Connection.Network = message =>
        {
            late.Add(message);
            return [];
        };
        _device.Connection.Connect();
        await _device.SettleAsync();
        await _device.Shadow.DeleteAsync();
        _device.Connection.Network = static message => [message];
        _device.Connection.Broker = static _ => [];
        _device.Connection.Say(late);
        await _device.CloudAsync("""{"desired":{"b":2}}""");
        _device.Shadow.Desired.Value.Count.ShouldBe(0);

        _device.Connection.Broker = _device.Service.Handle;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(10));
        await _device.SettleAsync();
        _device.Service.State().ShouldBeNull();
        _device.ShouldAgree();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
