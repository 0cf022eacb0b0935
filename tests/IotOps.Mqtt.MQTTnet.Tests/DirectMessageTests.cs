using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Fleet;

namespace IotOps.Mqtt.Tests;

/// <summary>A message that no subscription takes, such as one that was sent directly to the client, is the application's and MQTTnet's.</summary>
public sealed class DirectMessageTests
{
    [Theory]
    [InlineData("nothing", MqttProtocolVersion.V5, DirectMessageOutcome.Confirmed)]
    [InlineData("nothing", MqttProtocolVersion.V311, DirectMessageOutcome.Confirmed)]
    [InlineData("fails", MqttProtocolVersion.V5, DirectMessageOutcome.Unconfirmed)]
    [InlineData("fails", MqttProtocolVersion.V311, DirectMessageOutcome.Unconfirmed)]
    [InlineData("keeps", MqttProtocolVersion.V5, DirectMessageOutcome.Unconfirmed)]
    public async Task Its_sender_hears_what_the_applications_handler_makes_of_it(string handler, MqttProtocolVersion version, DirectMessageOutcome expected)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, "d", version);
        await using var connection = new MqttNetConnection(team.Client);
        team.Client.ApplicationMessageReceivedAsync += args =>
        {
            args.ProcessingFailed = handler == "fails";
            args.AutoAcknowledge = handler != "keeps";
            return Task.CompletedTask;
        };
        await team.ConnectAsync(TestContext.Current.CancellationToken);
        using var client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.IotData,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey),
            Endpoint = emulator.Endpoint,
        });

        DirectMessageOutcome outcome = await new FleetConnections(client).SendAsync(
            new DirectMessage { ClientId = "d", Topic = "t", ConfirmWithin = TimeSpan.FromSeconds(expected == DirectMessageOutcome.Confirmed ? 15 : 1) },
            TestContext.Current.CancellationToken);

        outcome.ShouldBe(expected);
    }
}
