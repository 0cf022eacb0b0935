using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IotOps.Mqtt;
using IotOps.Shadow;
using MQTTnet;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Mqtt.MQTTnet/README.md.</summary>
internal static class MqttNetReadme
{
    public static async Task Shadows(MqttClientOptions options, CancellationToken stop)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await using var connection = new MqttNetConnection(client);
        await using var shadows = new ShadowCache(new ShadowCacheOptions
        {
            Connection = connection,
            ThingName = "THING00001",
            StateDirectory = "/var/lib/my-agent/shadow",
        });
        shadows.Start();

        // Connecting, and connecting again, is yours. MQTTnet 5 does not do it by itself.
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!client.IsConnected)
                {
                    await client.ConnectAsync(options, stop);
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                Console.Error.WriteLine($"Not connected: {e.Message}");
            }

            // Spread out, so that a fleet does not come back in one second.
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1_000, 10_000)), TimeProvider.System, stop);
        }
    }

    public static MqttClientOptions Options(X509Certificate2 certificate)
    {
        MqttClientOptions options = new MqttClientOptionsBuilder()
            .WithTcpServer("a1b2c3d4e5-ats.iot.eu-west-1.amazonaws.com", 8883)
            .WithTlsOptions(tls => tls.WithClientCertificates(new X509Certificate2Collection(certificate)))
            .WithClientId("THING00001")
            .WithCleanStart(false)
            .WithSessionExpiryInterval(3600)
            .WithReceiveMaximum(100)
            .WithoutPacketFragmentation()
            .Build();
        return options;
    }
}
