namespace IotOps.Shadow.Tests.Sync;

public sealed class RejectionTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_refused_update_is_told_stays_pending_and_is_not_repeated(int code)
    {
        await _device.OpenConnectedAsync();
        _device.Service.Refuse = request => request.Operation == "update" ? (code, "no") : null;
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        ShadowRejectedException error = _device.Shadow.LastRejection.ShouldNotBeNull();
        error.Code.ShouldBe(code);
        error.IsTransient.ShouldBeFalse();
        await _device.AdvanceAsync(TimeSpan.FromMinutes(1));
        _device.Connection.Updates.Count.ShouldBe(1);
        _device.Shadow.Pending.ShouldBe(ShadowValue.Parse("""{"reported":{"a":1}}"""));
    }

    [Fact]
    public async Task Another_edit_takes_the_refused_one_along()
    {
        await _device.OpenConnectedAsync();
        _device.Service.Refuse = static request => request.Payload.Contains("\"bad\"") && request.Operation == "update" ? (400, "no") : null;
        await _device.Shadow.Reported.SetAsync("a", "bad");
        await _device.SettleAsync();
        await _device.Shadow.Reported.SetAsync("a", "good");
        await _device.SettleAsync();
        _device.ShouldAgree();
        _device.Shadow.LastRejection.ShouldBeNull();
    }

    [Fact]
    public async Task A_refusal_is_told_as_long_as_the_edit_is_refused()
    {
        await _device.OpenConnectedAsync();
        _device.Service.Refuse = static request => request.Payload.Contains("\"bad\"") && request.Operation == "update" ? (413, "no") : null;
        await _device.Shadow.Reported.SetAsync("a", "bad");
        await _device.SettleAsync();
        _device.Service.Update("""{"desired":{"x":1}}""");
        await _device.CloudAsync("""{"desired":{"x":2}}""");
        _device.Connection.Gets.Count.ShouldBe(2);
        _device.Shadow.LastRejection!.Code.ShouldBe(413);
    }

    [Fact]
    public async Task A_refused_edit_can_be_dropped()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"reported":{"a":"was"}}""");
        _device.Service.Refuse = static request => request.Operation == "update" ? (413, "no") : null;
        await _device.Shadow.Reported.SetAsync("a", "is");
        await _device.SettleAsync();
        await _device.Shadow.DiscardPendingAsync();
        await _device.SettleAsync();
        _device.ShouldAgree();
        _device.Shadow.Reported["a"].ShouldBe("was");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_busy_service_is_asked_again_later_and_ever_more_rarely(int code)
    {
        await _device.OpenConnectedAsync();
        _device.Service.Refuse = request => request.Operation == "update" ? (code, "busy") : null;
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Updates.Count.ShouldBe(1);
        for (int i = 0; i < 600; i++)
        {
            await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        // Ten minutes of full jitter up to a minute; every second would be 600.
        _device.Connection.Updates.Count.ShouldBeInRange(8, 60);
        _device.Service.Refuse = static _ => null;
        await _device.AdvanceAsync(TimeSpan.FromMinutes(1));
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_thing_that_asks_too_much_pauses_with_all_its_shadows()
    {
        await _device.OpenConnectedAsync(static options => options with { Shadows = [ShadowId.Classic, new ShadowId("other")] });
        bool refused = false;
        _device.Service.Refuse = request =>
        {
            bool refuse = !refused && request.Operation == "update";
            refused |= refuse;
            return refuse ? (429, "busy") : null;
        };
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        await _device.Cache["other"].Reported.SetAsync("b", 2);
        await _device.SettleAsync();
        _device.Connection.Updates.Count.ShouldBe(1);

        // The second in which the service counts, and up to one more by chance.
        await _device.AdvanceAsync(TimeSpan.FromSeconds(0.99));
        _device.Connection.Updates.Count.ShouldBe(1);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(1.01));
        _device.Connection.Updates.Count.ShouldBe(3);
        _device.ShouldAgree();
        _device.ShouldAgree("other");
    }

    [Fact]
    public async Task Who_waits_for_a_round_gets_the_refusal()
    {
        await _device.OpenConnectedAsync();
        _device.Service.Refuse = static request => request.Operation == "update" ? (413, "Too large") : null;
        await _device.Shadow.Reported.SetAsync("a", 1);
        Task sync = _device.Shadow.SyncAsync();
        await _device.SettleAsync();
        ShadowRejectedException error = await Should.ThrowAsync<ShadowRejectedException>(() => sync);
        error.Code.ShouldBe(413);
        error.Message.ShouldContain("remove something");
    }

    [Fact]
    public async Task A_shadow_that_may_not_be_read_is_told()
    {
        await _device.OpenAsync();
        _device.Service.Refuse = static _ => (403, "Forbidden");
        Task sync = _device.Shadow.SyncAsync();
        _device.Connection.Connect();
        await _device.SettleAsync();
        (await Should.ThrowAsync<ShadowRejectedException>(() => sync)).Message.ShouldContain("iot:Publish");
    }

    [Fact]
    public async Task Too_large_and_too_deep_are_found_on_the_merged_document_before_anything_is_stored()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("text", new string('x', 8000));
        ShadowRejectedException large = await Should.ThrowAsync<ShadowRejectedException>(async () => await _device.Shadow.Desired.SetAsync("more", new string('y', 200)));
        large.Code.ShouldBe(413);
        large.Message.ShouldContain("MaxBytes is 8192");
        ShadowRejectedException deep = await Should.ThrowAsync<ShadowRejectedException>(async () => await _device.Shadow.Desired.SetAsync("a/b/c/d/e/f/g/h/i", 1));
        deep.Code.ShouldBe(400);
        _device.Shadow.Desired.Value.Count.ShouldBe(0);
        await _device.Shadow.Desired.SetAsync("a/b/c/d/e/f/g/h", 1);
    }

    [Fact]
    public async Task Nulls_in_arrays_and_paths_into_arrays_are_the_callers_mistake()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("list", ShadowValue.Parse("[1]"));
        await Should.ThrowAsync<ArgumentException>(async () => await _device.Shadow.Reported.SetAsync("list", ShadowValue.Parse("[null]")));
        await Should.ThrowAsync<ArgumentException>(async () => await _device.Shadow.Reported.SetAsync("list/0", 2));
        await Should.ThrowAsync<ArgumentException>(async () => await _device.Shadow.Reported.SetAsync("", 2));
        await Should.ThrowAsync<ArgumentException>(async () => await _device.Shadow.Reported.SetAsync("a//b", 2));
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"list":[1]}""");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
