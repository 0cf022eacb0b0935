using IotOps.Emulator;
using IotOps.Mqtt.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.Mqtt.Tests.Hosting;

public sealed class HostingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_connects_with_the_host_and_is_drained_with_its_services()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddIotOpsMqtt(new MqttConnectionOptions { ClientId = "pump", Host = "localhost", Port = emulator.Mqtt.Port, Tls = null });
        IMqttConnection connection;
        using (IHost host = builder.Build())
        {
            await host.StartAsync(Cancelled);
            connection = host.Services.GetRequiredService<IMqttConnection>();
            connection.ShouldBeSameAs(host.Services.GetRequiredService<MqttConnection>());
            await connection.PublishAsync("a", "1"u8.ToArray(), cancellationToken: Cancelled);
            await host.StopAsync(Cancelled);
        }

        connection.State.Status.ShouldBe(MqttConnectionStatus.Closed);
    }

    [Fact]
    public async Task The_start_of_a_host_does_not_wait_for_the_network()
    {
        var broker = new FakeBroker();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddIotOpsMqtt(_ => broker.Options());
        using IHost host = builder.Build();

        await host.StartAsync(Cancelled).WaitAsync(FakeBroker.Patience, TimeProvider.System, Cancelled);
        await broker.AcceptAsync();
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_gateways_things_have_a_connection_each()
    {
        var brokers = new Dictionary<string, FakeBroker>(StringComparer.Ordinal) { ["pump1"] = new(), ["pump2"] = new() };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        foreach ((string thing, FakeBroker broker) in brokers)
        {
            builder.Services.AddIotOpsMqtt(thing, broker.Options() with { ClientId = thing });
        }

        builder.Services.AddSingleton<Gateway>();
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);

        Gateway gateway = host.Services.GetRequiredService<Gateway>();
        gateway.Clients.ShouldBe(["pump1", "pump2"]);
        host.Services.GetService<IMqttConnection>().ShouldBeNull();
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public void A_second_connection_without_a_key_is_refused()
    {
        var broker = new FakeBroker();
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddIotOpsMqtt(broker.Options()).AddIotOpsMqtt(broker.Options()))
            .Message.ShouldContain("AddIotOpsMqtt(\"pump2\", ...)");
    }

    private sealed class Gateway([FromKeyedServices("pump1")] IMqttConnection first, [FromKeyedServices("pump2")] IMqttConnection second)
    {
        public string[] Clients => [first.ClientId, second.ClientId];
    }
}
