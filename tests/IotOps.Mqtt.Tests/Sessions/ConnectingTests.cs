using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Sessions;

/// <summary>From CONNECT to a state that says how it went.</summary>
public sealed class ConnectingTests
{
    private readonly FakeBroker _broker = new();

    [Fact]
    public async Task Nothing_is_sent_before_the_broker_has_accepted()
    {
        await using var client = new MqttConnection(_broker.Options());
        Task connecting = client.ConnectAsync();
        FakeLink link = await _broker.AcceptAsync();
        ValueTask publication = client.PublishAsync("a", "x"u8.ToArray());
        (await link.ReadAsync()).Type.ShouldBe(1);
        link.HasPacket.ShouldBeFalse();
        await link.SendAsync(Packets.ConnAck());
        SentPacket publish = await link.ReadAsync();
        publish.Topic.ShouldBe("a");
        await link.SendAsync(Packets.PubAck(publish.PacketId));

        await connecting;
        await publication;
    }

    [Theory]
    [InlineData(0x84, MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData(0x85, MqttReasonCode.ClientIdentifierNotValid)]
    [InlineData(0x86, MqttReasonCode.BadUserNameOrPassword)]
    [InlineData(0x87, MqttReasonCode.NotAuthorized)]
    public async Task A_refusal_that_no_retry_mends_ends_the_first_connect(byte code, MqttReasonCode reason)
    {
        await using var client = new MqttConnection(_broker.Options());
        Task connecting = client.ConnectAsync();
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["a"]);
        ValueTask waiting = client.PublishAsync("a", default);
        await _broker.WelcomeAsync(Packets.ConnAck(reason: code));

        MqttException e = await Should.ThrowAsync<MqttException>(() => connecting);
        e.Reason.ShouldBe(reason);
        e.IsTransient.ShouldBeFalse();
        client.State.Status.ShouldBe(MqttConnectionStatus.Closed);
        client.State.Error.ShouldBe(e);
        (await Should.ThrowAsync<MqttException>(() => waiting.AsTask())).Reason.ShouldBe(reason);
        (await Should.ThrowAsync<MqttException>(() => subscribing.AsTask())).Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData(1, MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData(2, MqttReasonCode.ClientIdentifierNotValid)]
    [InlineData(4, MqttReasonCode.BadUserNameOrPassword)]
    [InlineData(5, MqttReasonCode.NotAuthorized)]
    public async Task Return_codes_of_3_1_1_are_told_as_their_equals(byte code, MqttReasonCode reason)
    {
        await using var client = new MqttConnection(_broker.Options(MqttProtocolVersion.V311));
        Task connecting = client.ConnectAsync();
        await _broker.WelcomeAsync(Packets.ConnAck(reason: code, version: MqttProtocolVersion.V311));

        (await Should.ThrowAsync<MqttException>(() => connecting)).Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task A_session_after_a_clean_start_and_a_client_id_of_the_brokers_own_are_refused()
    {
        await using var client = new MqttConnection(_broker.Options() with { CleanStart = true });
        Task connecting = client.ConnectAsync();
        FakeLink first = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        (await first.ReadToEndAsync()).ShouldBeEmpty();
        FakeLink second = await _broker.WelcomeAsync(Packets.ConnAck(properties: [0x12, 0, 1, (byte)'x']));
        (await second.ReadToEndAsync()).ShouldBeEmpty();
        await _broker.WelcomeAsync(Packets.ConnAck(properties: [0x12, .. Packets.String("THING00001")]));

        await connecting;
        client.State.Error!.Reason.ShouldBe(MqttReasonCode.ProtocolError);
    }

    [Fact]
    public async Task A_busy_broker_is_tried_again()
    {
        await using var client = new MqttConnection(_broker.Options());
        Task connecting = client.ConnectAsync();
        await _broker.WelcomeAsync(Packets.ConnAck(reason: 0x89));
        await _broker.WelcomeAsync();

        await connecting;
        client.State.ShouldBe(new MqttConnectionState(MqttConnectionStatus.Connected, 1, SessionPresent: false, client.State.Error));
        client.State.Error!.Reason.ShouldBe(MqttReasonCode.ServerBusy);
    }

    [Fact]
    public async Task Once_accepted_a_refusal_is_retried_at_the_longest_delay()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        _broker.Jitter = 0.5;
        link.Close();
        await Eventually.TrueAsync(() => client.State.Status == MqttConnectionStatus.Disconnected && _broker.Time.ActiveTimers > 0);
        _broker.Time.Advance(TimeSpan.FromSeconds(1));
        await _broker.WelcomeAsync(Packets.ConnAck(reason: 0x87));
        await Eventually.TrueAsync(() => client.State is { Status: MqttConnectionStatus.Disconnected, Error.Reason: MqttReasonCode.NotAuthorized } && _broker.Time.ActiveTimers > 0);
        int dials = _broker.Dials;
        _broker.Time.Advance(TimeSpan.FromSeconds(59));
        _broker.Dials.ShouldBe(dials);
        _broker.Time.Advance(TimeSpan.FromSeconds(1));

        await _broker.WelcomeAsync();
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_given_up_after_the_time_allowed()
    {
        await using var client = new MqttConnection(_broker.Options() with { ConnackTimeout = TimeSpan.FromSeconds(20) });
        Task connecting = client.ConnectAsync();
        FakeLink silent = await _broker.AcceptAsync();
        await silent.ReadAsync();
        _broker.Time.Advance(TimeSpan.FromSeconds(20));
        await _broker.WelcomeAsync();

        await connecting;
        client.State.Error!.Message.ShouldContain("ConnackTimeout");
    }

    [Fact]
    public async Task A_wait_sees_each_state_that_differs_from_the_one_seen()
    {
        await using var client = new MqttConnection(_broker.Options());
        client.State.ShouldBe(MqttConnectionState.Initial);
        ValueTask<MqttConnectionState> change = client.WaitForChangeAsync(MqttConnectionState.Initial);
        change.IsCompleted.ShouldBeFalse();
        Task connecting = client.ConnectAsync();
        FakeLink link = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        (await change).Status.ShouldBeOneOf(MqttConnectionStatus.Connecting, MqttConnectionStatus.Connected);
        await connecting;
        MqttConnectionState connected = client.State;
        connected.ShouldBe(new MqttConnectionState(MqttConnectionStatus.Connected, 1, SessionPresent: true, Error: null));
        link.Close();

        (await client.WaitForChangeAsync(connected)).ShouldNotBe(connected);
    }

    [Fact]
    public async Task Disposal_says_goodbye_and_ends_what_waits()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        ValueTask publication = client.PublishAsync("a", "x"u8.ToArray());
        SentPacket publish = await link.ReadAsync();
        publish.Type.ShouldBe(3);
        ValueTask disposal = client.DisposeAsync();
        SentPacket[] rest = await link.ReadToEndAsync();
        await disposal;

        rest.ShouldHaveSingleItem().Bytes.ShouldBe([0xE0, 0]);
        (await Should.ThrowAsync<MqttException>(() => publication.AsTask())).Message.ShouldContain("disposed");
        client.State.Status.ShouldBe(MqttConnectionStatus.Closed);
        (await Should.ThrowAsync<MqttException>(() => client.PublishAsync("a", default).AsTask())).Message.ShouldContain("disposed");
        Should.Throw<ObjectDisposedException>(() => { _ = client.ConnectAsync(); });
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_waits_for_acknowledgements_under_way()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(_broker.Options() with { CloseTimeout = TimeSpan.FromSeconds(5) });
        ValueTask publication = client.PublishAsync("a", "x"u8.ToArray());
        SentPacket publish = await link.ReadAsync();
        ValueTask disposal = client.DisposeAsync();
        await link.SendAsync(Packets.PubAck(publish.PacketId));
        await publication;
        (await link.ReadAsync()).Type.ShouldBe(14);
        link.Close();

        await disposal;
    }

    [Fact]
    public async Task Disposal_before_the_first_connection_ends_whoever_waits_for_it()
    {
        var client = new MqttConnection(_broker.Options());
        Task connecting = client.ConnectAsync();
        FakeLink link = await _broker.AcceptAsync();
        await link.ReadAsync();
        await client.DisposeAsync();

        await Should.ThrowAsync<MqttException>(() => connecting);
        await link.ReadToEndAsync();
    }
}
