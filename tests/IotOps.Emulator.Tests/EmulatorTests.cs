using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests;

public sealed class EmulatorTests
{
    [Fact]
    public async Task A_port_that_is_taken_is_told_at_once()
    {
        await using AwsEmulator first = await AwsEmulator.StartAsync();

        await Should.ThrowAsync<IOException>(() => AwsEmulator.StartAsync(new EmulatorOptions { Port = first.Endpoint.Port }));
    }

    [Fact]
    public async Task Statistics_are_there_for_another_process()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var http = new HttpClient();

        JsonNode statistics = JsonNode.Parse(await http.GetStringAsync(new Uri(emulator.Endpoint, "_emulator/statistics")))!;

        ((long)statistics["acceptedLogEvents"]!).ShouldBe(0);
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_a_request_that_hangs()
    {
        AwsEmulator emulator = await AwsEmulator.StartAsync();
        FaultHandle fault = emulator.Faults.Add(new Fault { Operation = "*", Delay = TimeSpan.FromHours(1) });
        emulator.Logs.CreateGroup("g");
        using var client = new LogsClient(emulator, TimeProvider.System);
        Task<LogsAnswer> call = client.CallAsync("DescribeLogGroups", "{}");
        while (fault.Hits == 0)
        {
            await Task.Yield();
        }

        await emulator.DisposeAsync();

        await Should.ThrowAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task Events_can_be_waited_for()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.Logs.CreateGroup("g");
        emulator.Logs.CreateStream("g", "s");
        using var client = new LogsClient(emulator, TimeProvider.System);
        Task waiting = emulator.Logs.WaitForEventsAsync("g", "s", 2);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        await client.PutAsync("g", "s", (now, "1"));
        waiting.IsCompleted.ShouldBeFalse();
        await client.PutAsync("g", "s", (now, "2"));

        await waiting;
    }
}
