namespace IotOps.Shadow.Tests.Sync;

public sealed class ReconcileTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task The_cloud_is_read_when_the_connection_is_up()
    {
        _device.Service.Update("""{"desired":{"mode":"eco"}}""");
        await _device.OpenConnectedAsync();

        _device.Shadow.Desired["mode"]!.GetString().ShouldBe("eco");
        _device.Shadow.Version.ShouldBe(1);
        _device.Connection.Gets.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_service_can_answer()
    {
        _device.Connection.SubscribeError = new IotOps.Mqtt.MqttException("not now") { IsTransient = true };
        await _device.OpenConnectedAsync();
        _device.Connection.Published.ShouldBeEmpty();

        _device.Connection.SubscribeError = null;
        for (int i = 0; i < 10 && _device.Connection.Published.Count == 0; i++)
        {
            // Less than a request may take: one that is made while the clock moves must not be overdue when it stops.
            await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        _device.Connection.Gets.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ten_thousand_edits_of_one_field_offline_make_one_publication()
    {
        await _device.OpenAsync();
        for (int i = 1; i <= 10_000; i++)
        {
            await _device.Shadow.Reported.SetAsync("count", i);
        }

        _device.Connection.Connect();
        await _device.SettleAsync();
        _device.Connection.Updates.Count.ShouldBe(1);
        _device.Connection.Updates[0].Json["state"]!.ToJsonString().ShouldBe("""{"reported":{"count":10000}}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task An_edit_taken_back_offline_is_not_published()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("on", true);
        await _device.SettleAsync();
        _device.Connection.Disconnect();
        await _device.Shadow.Reported.SetAsync("on", false);
        await _device.Shadow.Reported.SetAsync("on", true);
        _device.Connection.Connect();
        await _device.SettleAsync();
        _device.Connection.Updates.Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_a_partition_each_field_goes_to_the_side_that_changed_it()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.MergeAsync(null, ShadowValue.Parse("""{"a":1,"b":1,"both":1}"""));
        await _device.CloudAsync("""{"desired":{"both":1,"x":1}}""");
        await _device.SettleAsync();
        _device.Connection.Disconnect();

        await _device.Shadow.Reported.SetAsync("a", 2);
        await _device.Shadow.Reported.SetAsync("both", 2);
        await _device.Shadow.Desired.SetAsync("both", 2);
        await _device.Shadow.Desired.SetAsync("x", 2);
        _device.Service.Update("""{"reported":{"b":3,"both":3},"desired":{"both":3}}""");
        _device.Connection.Connect(sessionPresent: true);
        await _device.SettleAsync();

        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"a":2,"b":3,"both":2}""");
        _device.Shadow.Desired.Value.ToString().ShouldBe("""{"both":3,"x":2}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_resolver_of_the_hosts_decides_and_both_sides_take_what_it_says()
    {
        List<ShadowConflict> conflicts = [];
        await _device.OpenConnectedAsync(options => options with
        {
            ReportedConflicts = conflict =>
            {
                conflicts.Add(conflict);
                return Math.Max(conflict.Device!.GetInt64(), conflict.Cloud!.GetInt64()) * 10;
            },
        });
        await _device.Shadow.Reported.SetAsync("run/hours", 1);
        await _device.SettleAsync();
        _device.Connection.Disconnect();
        await _device.Shadow.Reported.SetAsync("run/hours", 2);
        _device.Service.Update("""{"reported":{"run":{"hours":3}}}""");
        _device.Connection.Connect();
        await _device.SettleAsync();

        conflicts.ShouldHaveSingleItem().ShouldBe(new ShadowConflict(ShadowId.Classic, ShadowSection.Reported, "run/hours", 1, 2, 3));
        _device.Shadow.Reported["run/hours"]!.GetInt64().ShouldBe(30);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task The_last_state_is_there_before_the_cloud_is()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"mode":"eco"}}""");
        await _device.Shadow.Reported.SetAsync("mode", "eco");
        _device.Connection.Disconnect();
        await _device.OpenAsync();

        _device.Shadow.Desired["mode"]!.GetString().ShouldBe("eco");
        _device.Shadow.Reported["mode"]!.GetString().ShouldBe("eco");
    }

    [Fact]
    public async Task A_lost_answer_and_a_restart_do_not_undo_a_later_edit()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Desired.SetAsync("limit", 1);
        await _device.SettleAsync();
        _device.Connection.Network = static message => message.Topic.Contains("update") ? [] : [message];
        await _device.Shadow.Desired.SetAsync("limit", 2);
        await _device.SettleAsync();
        await _device.Shadow.Desired.SetAsync("limit", 3);
        _device.Connection.Disconnect();
        await _device.OpenAsync();
        _device.Connection.Network = static message => [message];
        _device.Connection.Connect();
        await _device.SettleAsync();

        // The cloud owns the section, but the 2 there is this device's own.
        _device.Shadow.Desired["limit"]!.GetInt64().ShouldBe(3);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Timestamps_are_the_services()
    {
        await _device.OpenConnectedAsync();
        _device.Service.Clock = 1_700_000_100;
        await _device.CloudAsync("""{"desired":{"a":{"b":1}}}""");
        _device.Shadow.Desired.GetTimestamp("a/b").ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_700_000_101));
        _device.Shadow.Desired.GetTimestamp("a").ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_700_000_101));
        _device.Shadow.Reported.GetTimestamp("a").ShouldBeNull();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
