using IotOps.TestKit;

namespace IotOps.Emulator.Tests.Shadow;

public sealed class AttachedShadowsTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private AwsEmulator _broker = null!;
    private AwsEmulator _service = null!;

    public async ValueTask InitializeAsync()
    {
        // To the broker below the service is a client like any other, so it must not hold AWS's topics to be its own.
        _broker = await AwsEmulator.StartAsync(new EmulatorOptions { Mqtt = new EmulatedMqttOptions { Limits = EmulatedMqttLimits.None } });
        _service = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Requests_on_another_broker_are_answered_there()
    {
        _broker.Faults.Add(new Fault { Operation = "UpdateThingShadow", Lose = true });
        await using AttachedShadows attached = await _service.Shadows.AttachAsync("127.0.0.1", _broker.Mqtt.Port);
        using ShadowClient device = await ShadowClient.ConnectAsync(_broker, "t");

        await device.SendAsync("name/n/update", """{"state":{"desired":{"a":1}}}""");
        await device.ExpectAsync("name/n/update/accepted");
        await device.ExpectAsync("name/n/update/delta");
        await device.ExpectAsync("name/n/update/documents");
        _service.Shadows.Update("t", """{"state":{"desired":{"b":1}}}""");
        await device.ExpectAsync("update/accepted");

        _service.Shadows.Version("t", "n").ShouldBe(1);
    }

    [Fact]
    public async Task It_comes_back_when_the_broker_does()
    {
        _broker.Faults.Add(new Fault { Operation = "UpdateThingShadow", Lose = true });
        await using AttachedShadows attached = await _service.Shadows.AttachAsync("127.0.0.1", _broker.Mqtt.Port);
        string clientId = _broker.Mqtt.Clients.ShouldHaveSingleItem().ClientId;
        _broker.Mqtt.StopListening();
        _broker.Mqtt.StartListening();
        Task<ConnectedClient> back = _broker.Mqtt.WaitForSubscriptionAsync(clientId, "$aws/things/+/shadow/update");
        while (!back.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        using ShadowClient device = await ShadowClient.ConnectAsync(_broker, "t");
        await device.SendAsync("update", """{"state":{"reported":{"a":1}}}""");
        await device.ExpectAsync("update/accepted");
    }

    [Fact]
    public async Task A_broker_that_is_not_there_or_does_not_let_it_in_is_told()
    {
        int port = _broker.Mqtt.Port;
        using (_broker.Faults.Add(new Fault { Operation = "MqttConnect", ReasonCode = 0x87 }))
        {
            (await Should.ThrowAsync<IOException>(() => _service.Shadows.AttachAsync("127.0.0.1", port))).Message.ShouldContain("code 5");
        }

        _broker.Mqtt.StopListening();
        (await Should.ThrowAsync<IOException>(() => _service.Shadows.AttachAsync("127.0.0.1", port))).Message.ShouldContain($"127.0.0.1:{port}");
    }
}
