using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Defender;
using IotOps.Samples.Simulation;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.Simulation;

public sealed class FleetSimulationTests
{
    private static readonly DateTimeOffset Day = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    [Fact]
    public void The_same_options_give_the_same_messages_and_another_seed_gives_others()
    {
        var options = new FleetSimulationOptions { Start = Day, Duration = TimeSpan.FromHours(6), Devices = 30 };

        Hash(options).ShouldBe(Hash(options));
        Hash(options).ShouldNotBe(Hash(options with { Seed = 2 }), StringComparer.Ordinal);
    }

    // The numbers of a seed are part of what tests of others rely on: they must not change by accident.
    [Fact]
    public void A_seed_has_the_faults_that_it_always_had() => new FleetSimulation(new FleetSimulationOptions { Start = Day }).Faults
        .Select(fault => fault.ToString())
        .ShouldBe(
        [
            "Drift 2026-01-01 07:09:09Z to 2026-01-02 00:00:00Z: THING00009",
            "Flapping 2026-01-01 07:35:13Z to 2026-01-01 09:35:13Z: THING00042",
            "RegionalOutage 2026-01-01 14:38:54Z to 2026-01-01 15:08:54Z: region west, 33 devices",
            "Compromised 2026-01-01 20:02:19Z to 2026-01-02 00:00:00Z: THING00058",
        ]);

    [Fact]
    public void Without_a_start_it_ends_now()
    {
        var simulation = new FleetSimulation(new FleetSimulationOptions { TimeProvider = new ManualTimeProvider(Day.AddSeconds(42)) });

        (simulation.Start, simulation.End).ShouldBe((Day.AddDays(-1), Day));
    }

    [Fact]
    public void Messages_come_in_the_order_of_time_and_a_run_is_had_once()
    {
        var simulation = new FleetSimulation(new FleetSimulationOptions { Start = Day, Duration = TimeSpan.FromHours(3) });
        DateTimeOffset last = simulation.Start;
        foreach (SimulatedMessage message in simulation.Run())
        {
            message.Time.ShouldBeGreaterThanOrEqualTo(last);
            message.Time.ShouldBeLessThan(simulation.End);
            last = message.Time;
        }

        Should.Throw<InvalidOperationException>(() => simulation.Run());
    }

    [Fact]
    public void What_is_planned_does_not_grow_with_time()
    {
        var simulation = new FleetSimulation(new FleetSimulationOptions { Start = Day, Duration = TimeSpan.FromDays(7), Devices = 40, Flapping = 5, TelemetryInterval = TimeSpan.FromHours(1) });

        simulation.Run().Max(_ => simulation.Planned).ShouldBeLessThanOrEqualTo(5 * 40);
    }

    [Fact]
    public void A_sensor_that_drifts_adds_half_a_degree_an_hour()
    {
        var options = new FleetSimulationOptions { Start = Day, Devices = 5, Regions = 1, Flapping = 0, Compromised = 0, Outage = false };
        var drifting = new FleetSimulation(options);
        SimulatedFault drift = drifting.Faults.ShouldHaveSingleItem();
        Dictionary<DateTimeOffset, double> truth = Temperatures(new FleetSimulation(options with { Drifting = 0 }), drift.Devices[0]);
        Dictionary<DateTimeOffset, double> measured = Temperatures(drifting, drift.Devices[0]);

        measured.Keys.ShouldBe(truth.Keys);
        foreach ((DateTimeOffset time, double temperature) in measured)
        {
            (temperature - truth[time]).ShouldBe(time < drift.Start ? 0 : 0.5 * (time - drift.Start).TotalHours, 0.011);
        }
    }

    [Fact]
    public void A_device_that_was_taken_over_reports_another_port_and_much_traffic()
    {
        var simulation = new FleetSimulation(new FleetSimulationOptions { Start = Day, Devices = 5, Regions = 1, Flapping = 0, Drifting = 0, Outage = false });
        SimulatedFault fault = simulation.Faults.ShouldHaveSingleItem();
        int before = 0, after = 0;
        foreach (SimulatedMessage message in simulation.Run().Where(message => message.Kind == SimulatedMessageKind.Report))
        {
            DefenderReport report = DefenderReport.Parse(message.Payload.Span, DefenderFormat.Json);
            bool isTaken = message.Device == fault.Devices[0] && message.Time > fault.Start.AddMinutes(3);
            report.ListeningTcpPorts!.Total.ShouldBe(isTaken ? 2 : 1);
            (before, after) = isTaken ? (before, after + 1) : (before + 1, after);
        }

        before.ShouldBeGreaterThan(300);
        after.ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData(0, 60, "0 devices cannot be simulated; 1 to 100,000 can")]
    [InlineData(29, 60, "an outage needs 10 devices in each of 3 regions, so 30 devices")]
    [InlineData(100, 59, "00:59:00 cannot be simulated; 1 hour to 31 days can")]
    public void What_cannot_be_simulated_is_refused(int devices, int minutes, string why) =>
        Should.Throw<ArgumentException>(() => new FleetSimulation(new FleetSimulationOptions { Devices = devices, Duration = TimeSpan.FromMinutes(minutes) })).Message
            .ShouldStartWith($"The fleet cannot be simulated: {why}.");

    private static string Hash(FleetSimulationOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SimulatedMessage message in DisorderedDelivery.Of(new FleetSimulation(options).Run(), options.Seed))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{message.Time:O} {message.Topic}\n"));
            hash.AppendData(message.Payload.Span);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static Dictionary<DateTimeOffset, double> Temperatures(FleetSimulation simulation, string device) => simulation.Run()
        .Where(message => message.Kind == SimulatedMessageKind.Telemetry && message.Device == device)
        .ToDictionary(message => message.Time, message => JsonElement.Parse(message.Payload.Span).GetProperty("temperature").GetDouble());
}
