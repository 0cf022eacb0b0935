using System.Security.Cryptography;
using System.Text;

namespace IotOps.Samples.Simulation;

/// <summary>A device: what it is, how it is, and what it does next.</summary>
internal sealed class SimulatedDevice
{
    private static readonly string[] RegionNames = ["north", "south", "west", "east", "centre", "coast", "hills", "plain", "lake"];
    private static readonly string[] Versions = ["2.0.10", "2.0.10", "2.0.9", "1.9.4"];
    private static readonly int[] ScannedPorts = [22, 23, 80, 443, 445, 1883, 3389, 8080];

    private readonly int _seed;

    public SimulatedDevice(FleetSimulationOptions options, int number)
    {
        _seed = options.Seed;
        Number = number;
        Random = SimulationRandom.For(options.Seed, number);
        Name = $"THING{number:D5}";
        Region = RegionNames[(number - 1) % options.Regions];
        Firmware = Versions[Random.Below(Versions.Length)];
        Battery = Random.Between(40, 100);
        Address = $"192.0.2.{1 + (number % 250)}";
        Principal = Certificate("own");
    }

    public int Number { get; }

    public string Name { get; }

    public string Region { get; }

    public string Firmware { get; }

    public SimulationRandom Random { get; }

    public SimulatedFault? Flapping { get; set; }

    public SimulatedFault? Drift { get; set; }

    public SimulatedFault? Scanning { get; set; }

    public bool IsTaken { get; private set; }

    public bool IsConnected { get; set; }

    /// <summary>Counts connections, as the lifecycle events do.</summary>
    public long Version { get; set; } = -1;

    /// <summary>Steps that were planned for an earlier connection do nothing.</summary>
    public int Plan { get; set; }

    public string Session { get; set; } = "";

    public string Principal { get; private set; }

    public string Address { get; private set; }

    public DateTimeOffset Since { get; set; }

    public string? LastReason { get; set; }

    /// <summary>No connection before this moment.</summary>
    public DateTimeOffset DownUntil { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Attempts that are refused when it comes back.</summary>
    public int Refusals { get; set; }

    public double Battery { get; private set; }

    public DateTimeOffset MeasuredAt { get; private set; }

    public bool IsFlapping(DateTimeOffset now) => Flapping is { } fault && now >= fault.Start && now < fault.End;

    /// <summary>Addresses that it talks to: the broker, whoever took it, and those that it tries.</summary>
    public IEnumerable<string> Remotes(DateTimeOffset now)
    {
        yield return "198.51.100.10:8883";
        if (IsTaken)
        {
            yield return "203.0.113.200:443";
        }

        if (Scanning is { } fault && now >= fault.Start && now < fault.End)
        {
            int first = Random.Below(200);
            for (int i = 0; i < 50; i++)
            {
                yield return $"192.168.{first + i}.{1 + Random.Below(254)}:{ScannedPorts[i % ScannedPorts.Length]}";
            }
        }
    }

    /// <summary>Somebody else is the device from now on.</summary>
    public void Take()
    {
        IsTaken = true;
        Principal = Certificate("other");
        Address = $"203.0.113.{1 + (Number % 250)}";
    }

    public string Certificate(string which) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_seed}:{Number}:{which}")));

    /// <summary>
    /// What it measures: a day's temperatures, colder in the morning, and a battery that the sun charges. A sensor that drifts adds half a degree an
    /// hour.
    /// </summary>
    public (double Temperature, double Battery, int Rssi) Measure(DateTimeOffset now)
    {
        double hour = now.TimeOfDay.TotalHours;
        double outside = 12 + (8 * Math.Sin((hour - 9) * Math.PI / 12)) + ((Number % 3) * 2);
        double hours = MeasuredAt == default ? 0 : (now - MeasuredAt).TotalHours;
        Battery = Math.Clamp(Battery + (hours * ((hour is > 8 and < 17 ? 3 : 0) - (outside < 5 ? 1.5 : 1))), 5, 100);
        MeasuredAt = now;
        double drift = Drift is { } fault && now >= fault.Start ? 0.5 * (now - fault.Start).TotalHours : 0;
        return (Math.Round(outside + Random.Between(-0.4, 0.4) + drift, 2), Math.Round(Battery, 1), -55 - Random.Below(25) - (IsFlapping(now) ? 25 : 0));
    }

    /// <summary>Bytes sent since the last report.</summary>
    public long Sent() => (IsTaken ? 40 : 1) * (8_000L + Random.Below(4_000));
}
