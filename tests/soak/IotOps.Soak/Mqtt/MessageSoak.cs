using System.Diagnostics;
using System.Globalization;
using System.Text;
using IotOps.Emulator;
using IotOps.Mqtt;

namespace IotOps.Soak.Mqtt;

/// <summary>Kills a process that keeps messages on the disk: every one that it was told is kept must arrive.</summary>
internal sealed class MessageSoak(SoakOptions options)
{
    private const string Topic = "n";

    private readonly Random _random = new(options.Seed);
    private readonly HashSet<long> _kept = [];
    private readonly HashSet<long> _arrived = [];
    private long _copies;

    /// <summary>The process that is killed: keeps one number after the other, and says which.</summary>
    public static async Task PublishAsync(int port, string directory, long next)
    {
        await using var connection = new MqttConnection(Connection(port, "soak") with { MinReconnectDelay = TimeSpan.FromMilliseconds(50) });
        _ = connection.ConnectAsync();
        await using var publisher = new DurablePublisher(connection, new DurablePublisherOptions { Directory = directory });
        while (true)
        {
            await publisher.PublishAsync(Topic, Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
            await Console.Out.WriteLineAsync(next.ToString(CultureInfo.InvariantCulture));
            next++;
        }
    }

    /// <summary>True when nothing was lost.</summary>
    public async Task<bool> RunAsync()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var reader = new MqttConnection(Connection(emulator.Mqtt.Port, "reader"));
        await reader.ConnectAsync();
        await using IMqttSubscription subscription = await reader.SubscribeAsync([Topic]);
        Task reading = ReadAsync(subscription);
        string directory = Directory.CreateTempSubdirectory("iotops-soak-").FullName;
        for (int kill = 0; kill < options.Kills; kill++)
        {
            await KillOnceAsync(emulator.Mqtt.Port, directory);
        }

        await using (var connection = new MqttConnection(Connection(emulator.Mqtt.Port, "soak")))
        {
            await connection.ConnectAsync();
            await using var last = new DurablePublisher(connection, new DurablePublisherOptions { Directory = directory });
            await last.WhenEmptyAsync();
        }

        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Directory.Delete(directory, recursive: true);
        int lost;
        lock (_arrived) { lost = _kept.Count(number => !_arrived.Contains(number)); }
        Console.WriteLine($"seed {options.Seed}: {options.Kills} kills, {_kept.Count} messages kept, {lost} lost, {_copies} came twice");
        return lost == 0 && _kept.Count > 0 && !reading.IsFaulted;
    }

    private static MqttConnectionOptions Connection(int port, string clientId) =>
        new() { Host = "127.0.0.1", Port = port, Tls = null, ClientId = clientId, Limits = MqttLimits.None };

    private async Task KillOnceAsync(int port, string directory)
    {
        long next = _kept.Count == 0 ? 0 : _kept.Max() + 1;
        using Process child = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "IotOps.Soak"),
            ["publisher", "--port", port.ToString(CultureInfo.InvariantCulture), "--directory", directory, "--next", next.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true, UseShellExecute = false })!;
        Task listening = ListenAsync(child.StandardOutput);
        await Task.Delay(TimeSpan.FromMilliseconds(200) + options.LongestRun * _random.NextDouble(), TimeProvider.System);
        child.Kill();
        await child.WaitForExitAsync();
        await listening;
    }

    // What the kill cuts a line down to is a smaller number, which was kept before.
    private async Task ListenAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (long.TryParse(line, CultureInfo.InvariantCulture, out long number))
            {
                _kept.Add(number);
            }
        }
    }

    private async Task ReadAsync(IMqttSubscription subscription)
    {
        await foreach (MqttReceivedMessage message in subscription.Messages.ReadAllAsync())
        {
            using (message)
            {
                lock (_arrived)
                {
                    _copies += _arrived.Add(long.Parse(message.Payload.Span, CultureInfo.InvariantCulture)) ? 0 : 1;
                }
            }
        }
    }
}
