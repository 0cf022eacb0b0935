using System.Text.Json.Nodes;
using IotOps.TestKit;

namespace IotOps.Emulator.Tests.Shadow;

public sealed class ShadowThrottleTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task More_than_20_requests_a_second_for_one_thing_are_refused()
    {
        await using AwsEmulator emulator = await StartAsync();
        using ShadowClient device = await ShadowClient.ConnectAsync(emulator, "t");
        for (int i = 0; i < 20; i++)
        {
            await device.SendAsync("get", "");
            await device.ExpectAsync("get/rejected");
        }

        await device.SendAsync("get", """{"clientToken":"c"}""");
        JsonNode refused = await device.ExpectAsync("get/rejected");
        ((int)refused["code"]!, (string?)refused["clientToken"]).ShouldBe((429, "c"));

        _clock.Advance(TimeSpan.FromSeconds(1));
        await device.SendAsync("get", "");
        ((int)(await device.ExpectAsync("get/rejected"))["code"]!).ShouldBe(404);
    }

    [Fact]
    public async Task More_than_10_unanswered_requests_on_one_connection_are_refused()
    {
        await using AwsEmulator emulator = await StartAsync();
        emulator.Faults.Add(new Fault { Operation = "UpdateThingShadow", Delay = TimeSpan.FromSeconds(2) });
        using ShadowClient device = await ShadowClient.ConnectAsync(emulator, "t");
        for (int i = 0; i < 11; i++)
        {
            await device.SendAsync("update", """{"state":{}}""");
        }

        ((int)(await device.ExpectAsync("update/rejected"))["code"]!).ShouldBe(429);
        await device.ExpectNothingAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        for (int i = 0; i < 10; i++)
        {
            await device.ExpectAsync("update/accepted");
            await device.ExpectAsync("update/documents");
        }
    }

    private Task<AwsEmulator> StartAsync() => AwsEmulator.StartAsync(new EmulatorOptions
    {
        TimeProvider = _clock,
        Shadows = new EmulatedShadowOptions { MaxRequestsInFlight = 10, MaxRequestsPerSecond = 20 },
    });
}
