using IotOps.Emulator;
using IotOps.Emulator.Xunit;
using IotOps.Mqtt;
using IotOps.Shadow;

namespace DeviceTests;

public sealed class ShadowTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task A_device_reports_what_the_cloud_asks_for()
    {
        string thing = EmulatorFixture.NewName("pump");
        AwsEmulator aws = emulator.Aws;
        string state = Directory.CreateTempSubdirectory().FullName;
        await using var connection = new MqttConnection(new MqttConnectionOptions { ClientId = thing, Host = "127.0.0.1", Port = aws.Mqtt.Port, Tls = null });
        await using var shadows = new ShadowCache(new ShadowCacheOptions { Connection = connection, ThingName = thing, StateDirectory = state });
        shadows.Start();
        await connection.ConnectAsync(TestContext.Current.CancellationToken);

        aws.Shadows.Update(thing, """{"state":{"desired":{"speed":3}}}""");
        await foreach (ShadowDelta delta in shadows[ShadowId.Classic].DeltasAsync(TestContext.Current.CancellationToken))
        {
            await shadows[ShadowId.Classic].AcceptDeltaAsync(delta, TestContext.Current.CancellationToken);
            break;
        }

        await shadows[ShadowId.Classic].SyncAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"reported\":{\"speed\":3}", aws.Shadows.Find(thing), StringComparison.Ordinal);
    }
}
