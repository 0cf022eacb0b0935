using IotOps.TestKit;

namespace IotOps.Shadow.Tests.Sync;

/// <summary>A member that the service refuses stays on the device, is named, and holds up nothing else.</summary>
public sealed class RefusedMemberTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();
    private readonly TestLogger _log = new();

    [Fact]
    public async Task A_member_that_is_too_deep_for_the_service_holds_up_nothing()
    {
        _device.Service.MaxDepth = 6;
        await OpenAsync();
        await SetAsync("rssi", -1);
        await SetAsync("d/1/2/3/4/5/6", true);
        await SetAsync("rssi", -2);
        await SetAsync("rssi", -3);
        await SetAsync("rssi", -4);
        Cloud().ShouldBe("""{"reported":{"rssi":-4}}""");
        _device.Shadow.Pending!.ToString().ShouldBe("""{"reported":{"d":{"1":{"2":{"3":{"4":{"5":{"6":true}}}}}}}}""");
        _device.Shadow.LastRejection!.Message.ShouldContain("reported/d/1/2/3/4/5/6");
    }

    [Fact]
    public async Task A_refusal_without_a_reason_is_searched_for_and_named()
    {
        Poison("bad");
        await OpenAsync();
        await MergeAsync("""{"a":1,"b":{"c":2,"d":"bad","e":3},"f":4,"g":[5],"h":6}""");
        Cloud().ShouldBe("""{"reported":{"a":1,"b":{"c":2,"e":3},"f":4,"g":[5],"h":6}}""");
        _device.Shadow.Pending!.ToString().ShouldBe("""{"reported":{"b":{"d":"bad"}}}""");
        ShadowRejectedException error = _device.Shadow.LastRejection.ShouldNotBeNull();
        error.Code.ShouldBe(400);
        error.Message.ShouldContain("reported/b/d");
        error.Paths.ShouldBe(["reported/b/d"]);
        _log.Entries.Where(static entry => entry.Id == 606).ShouldHaveSingleItem().Message.ShouldContain("reported/b/d");
    }

    [Fact]
    public async Task Later_edits_go_without_the_refused_member_and_it_goes_when_it_is_changed()
    {
        Poison("bad");
        await OpenAsync();
        await MergeAsync("""{"a":"bad","b":1}""");
        int updates = _device.Connection.Updates.Count;
        await SetAsync("b", 2);
        await SetAsync("c", 3);
        _device.Connection.Updates.Skip(updates).ShouldAllBe(static update => !update.Payload.Contains("\"a\""));
        _device.Connection.Updates.Count.ShouldBe(updates + 2);
        await SetAsync("a", "good");
        _device.ShouldAgree();
        _device.Shadow.LastRejection.ShouldBeNull();
    }

    [Fact]
    public async Task A_refused_member_that_is_set_back_is_forgotten()
    {
        Poison("bad");
        await OpenAsync();
        await SetAsync("a", 1);
        await MergeAsync("""{"a":"bad","b":1}""");
        await SetAsync("a", 1);
        _device.ShouldAgree();
        await MergeAsync("""{"a":2,"b":2}""");
        _device.ShouldAgree();
        _device.Shadow.LastRejection.ShouldBeNull();
    }

    [Fact]
    public async Task A_maximum_that_the_service_names_is_kept_from_then_on_and_logged_once()
    {
        _device.Service.MaxDepth = 6;
        await OpenAsync();
        await MergeAsync("""{"a":1,"b":{"1":{"2":{"3":{"4":{"5":{"6":1}}}}}},"c":{"1":{"2":{"3":{"4":{"5":{"6":1}}}}}},"d":2}""");
        Cloud().ShouldBe("""{"reported":{"a":1,"d":2}}""");

        // One that was refused and named the maximum, and one with the rest: nothing is searched for.
        _device.Connection.Updates.Count.ShouldBe(2);
        _log.Count(613).ShouldBe(1);
        ShadowRejectedException deep = await Should.ThrowAsync<ShadowRejectedException>(() => _device.Shadow.Reported.SetAsync("e/1/2/3/4/5/6", 1).AsTask());
        deep.Code.ShouldBe(400);
        deep.Message.ShouldContain("6");

        // The refused members are still there, and an edit beside them is taken.
        await SetAsync("e/1/2/3/4/5", 1);
        Cloud().ShouldBe("""{"reported":{"a":1,"d":2,"e":{"1":{"2":{"3":{"4":{"5":1}}}}}}}""");
        await _device.Shadow.Reported.RemoveAsync("b");
        await _device.Shadow.Reported.RemoveAsync("c");
        await _device.SettleAsync();
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Another_maximum_in_the_reason_does_not_lower_the_depth()
    {
        _device.Service.MaxDepth = 2;
        _device.Service.DepthRefusal = "Client token is too long; maximum is 1 byte";
        await OpenAsync();
        await MergeAsync("""{"a":{"b":{"c":1}},"d":1}""");
        Cloud().ShouldBe("""{"reported":{"d":1}}""");
        _log.Count(613).ShouldBe(0);
        await SetAsync("e/f", 1);
        _device.Shadow.Reported["e/f"].ShouldBe(1);
        Cloud().ShouldContain("\"f\":1");
    }

    [Fact]
    public async Task Members_beyond_the_services_size_wait_until_there_is_room()
    {
        _device.Service.MaxBytes = 200;
        await OpenAsync();
        await _device.CloudAsync($$$"""{"desired":{"x":"{{{new string('x', 100)}}}"}}""");
        await MergeAsync($$"""{"a":1,"b":"{{new string('b', 100)}}","c":2,"d":3}""");
        Cloud("reported").ShouldBe("""{"a":1,"c":2,"d":3}""");
        _device.Shadow.LastRejection!.Code.ShouldBe(413);
        _device.Shadow.LastRejection.Message.ShouldContain("reported/b");

        int updates = _device.Connection.Updates.Count;
        await _device.CloudAsync("""{"desired":{"y":1}}""");
        _device.Connection.Updates.Count.ShouldBe(updates);
        await _device.CloudAsync("""{"desired":{"x":null}}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_removal_that_makes_room_lets_a_refused_member_in()
    {
        _device.Service.MaxBytes = 200;
        await OpenAsync();
        await SetAsync("z", new string('z', 100));
        await MergeAsync($$"""{"a":"{{new string('a', 120)}}","b":1}""");
        Cloud("reported").ShouldContain("\"b\":1");
        await _device.Shadow.Reported.RemoveAsync("z");
        await _device.SettleAsync();
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_cloud_document_that_leaves_no_room_here_holds_up_no_member_that_fits()
    {
        await OpenAsync(static options => options with { MaxBytes = 200 });
        _device.Connection.Disconnect();
        await MergeAsync($$"""{"a":1,"b":"{{new string('b', 100)}}"}""");
        _ = _device.Service.Update($$$"""{"desired":{"x":"{{{new string('x', 150)}}}"}}""");
        _device.Connection.Connect();
        await _device.SettleAsync();
        Cloud("reported").ShouldBe("""{"a":1}""");
        _device.Connection.Updates.Count.ShouldBe(1);
        _device.Shadow.LastRejection!.Code.ShouldBe(413);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_policy_that_allows_no_update_is_not_searched_for_a_member(int code)
    {
        await OpenAsync();
        _device.Service.Refuse = request => request.Operation == "update" ? (code, "Forbidden") : null;
        await MergeAsync("""{"a":1,"b":2,"c":3}""");
        _device.Connection.Updates.Count.ShouldBe(1);
        _device.Service.Refuse = static _ => null;
        await _device.AdvanceAsync(TimeSpan.FromMinutes(5.1));
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_service_that_takes_nothing_is_not_asked_for_every_member()
    {
        await OpenAsync();
        _device.Service.Refuse = static request => request.Operation == "update" ? (400, "no") : null;
        await MergeAsync($"{{{string.Join(",", Enumerable.Range(0, 500).Select(static i => $"\"m{i}\":{i}"))}}}");
        for (int i = 0; i < 20; i++)
        {
            await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        int updates = _device.Connection.Updates.Count;
        updates.ShouldBeInRange(1, 200);
        await _device.AdvanceAsync(TimeSpan.FromMinutes(10));
        _device.Connection.Updates.Count.ShouldBe(updates);

        // A link that comes and goes costs no search each time.
        _device.Connection.Disconnect();
        await _device.SettleAsync();
        _device.Connection.Connect();
        await _device.SettleAsync();
        _device.Connection.Updates.Count.ShouldBe(updates);

        // Whoever waits for a round wants to know, and the service may have changed its mind.
        _device.Service.Refuse = static _ => null;
        Task sync = _device.Shadow.SyncAsync();
        await _device.SettleAsync();
        await sync;
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_search_goes_on_after_a_lost_answer()
    {
        Poison("bad");
        await OpenAsync();
        int answers = 0;
        _device.Connection.Network = message => message.Operation.StartsWith("update/", StringComparison.Ordinal) && ++answers % 2 == 0 ? [] : [message];
        await MergeAsync("""{"a":1,"b":"bad","c":3,"d":4,"e":5,"f":"bad","g":7}""");
        for (int i = 0; i < 60; i++)
        {
            await _device.AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        Cloud().ShouldBe("""{"reported":{"a":1,"c":3,"d":4,"e":5,"g":7}}""");
        _device.Shadow.Pending!.ToString().ShouldBe("""{"reported":{"b":"bad","f":"bad"}}""");
    }

    [Fact]
    public async Task Whoever_waits_for_a_round_hears_which_members_are_refused_once_the_others_are_sent()
    {
        Poison("bad");
        await OpenAsync();
        await _device.Shadow.MergeAsync(ShadowValue.Parse("""{"x":"bad"}"""), ShadowValue.Parse("""{"a":1,"b":"bad","c":3}"""));
        Task sync = _device.Shadow.SyncAsync();
        await _device.SettleAsync();
        ShadowRejectedException error = await Should.ThrowAsync<ShadowRejectedException>(() => sync);
        error.Message.ShouldContain("reported/b");
        error.Message.ShouldContain("desired/x");
        error.Paths.ShouldBe(["desired/x", "reported/b"], ignoreOrder: true);
        _device.Shadow.Refused.SelectMany(static refused => refused.Paths).ShouldBe(error.Paths);
        Cloud().ShouldBe("""{"reported":{"a":1,"c":3}}""");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private Task<ShadowCache> OpenAsync(Func<ShadowCacheOptions, ShadowCacheOptions>? change = null) =>
        _device.OpenConnectedAsync(options => (change is null ? options : change(options)) with { LoggerFactory = _log });

    private void Poison(string value) =>
        _device.Service.Refuse = request => request.Operation == "update" && request.Payload.Contains($"\"{value}\"") ? (400, "State contains an invalid node") : null;

    private async Task SetAsync(string path, ShadowValue value)
    {
        await _device.Shadow.Reported.SetAsync(path, value);
        await _device.SettleAsync();
    }

    private async Task MergeAsync(string patch)
    {
        await _device.Shadow.Reported.MergeAsync(ShadowValue.Parse(patch));
        await _device.SettleAsync();
    }

    private string Cloud() => ShadowValue.Parse(_device.Service.State()!.ToJsonString()).ToString();

    private string Cloud(string section) => ShadowValue.Parse(_device.Service.State()![section]!.ToJsonString()).ToString();
}
