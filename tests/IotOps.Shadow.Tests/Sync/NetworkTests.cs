using IotOps.Mqtt;

namespace IotOps.Shadow.Tests.Sync;

public sealed class NetworkTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task A_lost_answer_parks_nothing_after_a_bounded_wait_the_cloud_is_read()
    {
        await _device.OpenConnectedAsync();
        _device.Connection.Network = static _ => [];
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Network = static message => [message];
        _device.Connection.Gets.Count.ShouldBe(1);

        await _device.AdvanceAsync(TimeSpan.FromSeconds(10));
        _device.Connection.Gets.Count.ShouldBe(2);
        _device.Connection.Updates.Count.ShouldBe(1);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_request_that_was_lost_on_its_way_is_made_again()
    {
        await _device.OpenConnectedAsync();
        _device.Connection.Broker = static _ => [];
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Broker = _device.Service.Handle;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(10));
        _device.Connection.Updates.Count.ShouldBe(2);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Every_message_twice_changes_nothing()
    {
        await _device.OpenConnectedAsync();
        _device.Connection.Network = static message => [message, message];
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.CloudAsync("""{"desired":{"a":2}}""");
        await _device.CloudAsync("""{"desired":{"a":3}}""");
        await _device.SettleAsync();
        _device.Connection.Gets.Count.ShouldBe(1);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_skipped_version_is_read_exactly_once()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        _device.Service.Update("""{"desired":{"a":2}}""");
        await _device.CloudAsync("""{"desired":{"b":3}}""");
        await _device.CloudAsync("""{"desired":{"b":4}}""");
        _device.Connection.Gets.Count.ShouldBe(2);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Updates_in_the_wrong_order_end_in_the_right_state()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        FakeMessage[] first = [.. _device.Service.Update("""{"desired":{"a":2,"b":1}}""")];
        FakeMessage[] second = [.. _device.Service.Update("""{"desired":{"a":3,"b":null}}""")];
        _device.Connection.Say([.. second, .. first]);
        await _device.SettleAsync();
        _device.Shadow.Desired.Value.ToString().ShouldBe("""{"a":3}""");
        _device.Connection.Gets.Count.ShouldBe(2);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_delta_before_its_update_counts_at_once_and_the_update_after_it_too()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        FakeMessage[] messages = [.. _device.Service.Update("""{"desired":{"a":2}}""")];
        _device.Connection.Say([messages[1]]);
        await _device.SettleAsync();
        _device.Shadow.Desired["a"].ShouldBe(2);
        _device.Shadow.Version.ShouldBe(1);

        _device.Connection.Say([messages[0]]);
        await _device.SettleAsync();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(5));
        _device.Connection.Gets.Count.ShouldBe(1);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_delta_whose_update_never_comes_is_followed_by_one_read()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1,"gone":1}}""");
        _device.Connection.Say([_device.Service.Update("""{"desired":{"a":2,"gone":null}}""").Last()]);
        await _device.SettleAsync();
        _device.Connection.Gets.Count.ShouldBe(1);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(3));
        _device.Connection.Gets.Count.ShouldBe(2);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Foreign_tokens_and_none_are_taken_for_other_clients()
    {
        await _device.OpenConnectedAsync();
        _device.Connection.Say(() => _device.Service.Update("""{"desired":{"a":1}}""", token: "somebody"));
        _device.Connection.Say(() => _device.Service.Update("""{"reported":{"b":1}}"""));
        await _device.SettleAsync();
        _device.Shadow.Desired["a"].ShouldBe(1);
        _device.Shadow.Reported["b"].ShouldBe(1);
        _device.Connection.Gets.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Answers_to_others_are_not_taken_for_ones_own()
    {
        await _device.OpenConnectedAsync();
        _device.Connection.Broker = static _ => [];
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        string prefix = _device.Service.Prefix("");
        _device.Connection.Say([new FakeMessage(prefix + "update/rejected", """{"code":413,"message":"no","clientToken":"other"}""")]);
        _device.Connection.Say([new FakeMessage(prefix + "get/accepted", """{"state":{"reported":{"a":7}},"version":77,"clientToken":"other"}""")]);
        await _device.SettleAsync();
        _device.Shadow.Reported["a"].ShouldBe(1);
        _device.Shadow.LastRejection.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_no_JSON_is_counted_and_harms_nothing()
    {
        await _device.OpenConnectedAsync();
        string prefix = _device.Service.Prefix("");
        _device.Connection.Say([new FakeMessage(prefix + "update/accepted", "{"), new FakeMessage(prefix + "update/delta", """{"version":"x"}""")]);
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Every_request_has_a_token_of_at_most_64_bytes()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.Shadow.DeleteAsync();
        await _device.SettleAsync();
        string[] tokens = [.. _device.Connection.Published.Select(static m => m.Token!)];
        tokens.ShouldAllBe(static token => token.Length > 0 && token.Length <= 64);
        tokens.Distinct(StringComparer.Ordinal).Count().ShouldBe(tokens.Length);
    }

    [Fact]
    public async Task A_publication_the_connection_fails_is_made_again()
    {
        await _device.OpenConnectedAsync();
        _device.Connection.PublishError = new MqttException("busy") { IsTransient = true };
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.PublishError = null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(60));
        await _device.AdvanceAsync(TimeSpan.FromSeconds(60));
        _device.ShouldAgree();
    }

    [Fact]
    public async Task Every_connection_is_followed_by_a_read_even_when_it_was_lost_for_an_instant()
    {
        await _device.OpenConnectedAsync();
        _device.Connection.Connect(sessionPresent: true);
        await _device.SettleAsync();
        _device.Connection.Gets.Count.ShouldBe(2);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
