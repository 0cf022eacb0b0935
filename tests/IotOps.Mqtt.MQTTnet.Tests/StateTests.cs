using IotOps.Emulator;
using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests;

/// <summary>The state follows the client, however late and out of order its events come.</summary>
public sealed class StateTests : IDisposable
{
    private readonly FakeClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_client_that_is_connected_already_is_taken_as_it_is()
    {
        _client.IsConnected = true;
        await using var connection = new MqttNetConnection(_client);
        connection.State.ShouldSatisfyAllConditions(s => s.Status.ShouldBe(MqttConnectionStatus.Connected), s => s.Connections.ShouldBe(1));
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"]);
        await connection.PublishAsync("t", default);

        _client.Sent.ShouldBe(["t"]);
        connection.ClientId.ShouldBe("THING00001");
    }

    [Fact]
    public async Task A_late_word_of_the_last_loss_does_not_hide_the_next_connection()
    {
        await using var connection = new MqttNetConnection(_client);
        await _client.ConnectAsync();
        _client.IsConnected = false;
        await _client.ConnectAsync();
        await _client.RaiseDisconnectedAsync();

        connection.State.ShouldSatisfyAllConditions(
            s => s.Status.ShouldBe(MqttConnectionStatus.Connected), s => s.Connections.ShouldBe(2), s => s.Error.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_loss_that_is_reported_before_its_connection_is_not_forgotten()
    {
        await using var connection = new MqttNetConnection(_client);
        await _client.RaiseConnectingAsync();
        await _client.RaiseDisconnectedAsync();
        await _client.RaiseConnectedAsync();

        connection.State.ShouldSatisfyAllConditions(s => s.Status.ShouldBe(MqttConnectionStatus.Disconnected), s => s.Connections.ShouldBe(1));
    }

    [Fact]
    public async Task The_attempt_to_connect_again_is_a_change_of_state()
    {
        await using var connection = new MqttNetConnection(_client);
        await _client.ConnectAsync();
        MqttConnectionState connected = connection.State;
        Task<MqttConnectionState> change = connection.WaitForChangeAsync(connected).AsTask();
        change.IsCompleted.ShouldBeFalse();
        _client.IsConnected = false;
        await _client.RaiseConnectingAsync();

        (await change).Status.ShouldBe(MqttConnectionStatus.Connecting);
        (await Should.ThrowAsync<MqttException>(connection.PublishAsync("t", default).AsTask())).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refused_connection_has_the_brokers_reason()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, "THING00001");
        await using var connection = new MqttNetConnection(team.Client);
        emulator.Faults.Add(new Fault { Operation = "MqttConnect", ReasonCode = 0x87, Times = 1 });
        await team.Client.ConnectAsync(team.Options);
        MqttConnectionState state = connection.State;
        while (state.Error is null)
        {
            state = await connection.WaitForChangeAsync(state).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        }

        (state.Status, state.Connections, state.Error.Reason, state.Error.IsTransient).ShouldBe((MqttConnectionStatus.Disconnected, 0, MqttReasonCode.NotAuthorized, false));
    }

    [Fact]
    public async Task Disposal_gives_the_client_back_as_it_is()
    {
        var connection = new MqttNetConnection(_client);
        await _client.ConnectAsync();
        await connection.SubscribeAsync(["a", "b"]);
        await connection.DisposeAsync();
        await connection.DisposeAsync();
        await _client.RaiseDisconnectedAsync();

        _client.Sent.ShouldBe(["a", "b", "-a", "-b"]);
        (_client.IsConnected, connection.State.Status).ShouldBe((true, MqttConnectionStatus.Closed));
        (await _client.ReceiveAsync("a", qos: 1, packetId: 1)).ShouldBeTrue();
    }

    [Fact]
    public void Invalid_options_are_named()
    {
        string Message(MqttNetConnectionOptions options) => Should.Throw<ArgumentException>(() => new MqttNetConnection(_client, options)).Message;
        Message(new MqttNetConnectionOptions { AcknowledgeTimeout = TimeSpan.Zero }).ShouldContain("AcknowledgeTimeout");
        Message(new MqttNetConnectionOptions { CloseTimeout = TimeSpan.FromSeconds(-1) }).ShouldContain("CloseTimeout");
        Message(new MqttNetConnectionOptions { Limits = MqttLimits.None with { FiltersPerPacket = 0 } }).ShouldContain("FiltersPerPacket");
        Message(new MqttNetConnectionOptions { Limits = MqttLimits.None with { UnacknowledgedPublishes = 0 } }).ShouldContain("UnacknowledgedPublishes");
    }
}
