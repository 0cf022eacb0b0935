namespace IotOps.Samples.Simulation;

/// <summary>Chooses whom each fault hits, and when: one kind after the other, so that each can be told from the others.</summary>
internal static class FaultPlan
{
    public static List<SimulatedFault> Make(FleetSimulationOptions options, DateTimeOffset start, IReadOnlyList<SimulatedDevice> devices)
    {
        var random = SimulationRandom.For(options.Seed, -1);
        DateTimeOffset end = start + options.Duration;
        List<SimulatedDevice> left = [.. devices];
        List<SimulatedFault> faults = [];
        Choose(options.Flapping, SimulatedFaultKind.Flapping, 0.3, 0.4, TimeSpan.FromHours(2), 0.1);
        Choose(options.Drifting, SimulatedFaultKind.Drift, 0.25, 0.3, options.Duration, 1);
        Choose(options.Compromised, SimulatedFaultKind.Compromised, 0.8, 0.85, options.Duration, 1);
        Choose(options.Scanning, SimulatedFaultKind.Scanning, 0.45, 0.5, TimeSpan.FromHours(2), 0.1);
        if (options.Outage)
        {
            string region = devices[random.Below(options.Regions)].Region;
            DateTimeOffset begin = At(random.Between(0.6, 0.65));
            string[] hit = [.. devices.Where(device => device.Region == region).Select(device => device.Name)];
            faults.Add(new SimulatedFault(SimulatedFaultKind.RegionalOutage, begin, Until(begin, TimeSpan.FromMinutes(30), 0.05), hit) { Region = region });
        }

        return [.. faults.OrderBy(fault => fault.Start)];

        void Choose(int count, SimulatedFaultKind kind, double from, double to, TimeSpan longest, double share)
        {
            for (int i = 0; i < count; i++)
            {
                int place = random.Below(left.Count);
                SimulatedDevice device = left[place];
                left.RemoveAt(place);
                DateTimeOffset begin = At(random.Between(from, to));
                faults.Add(new SimulatedFault(kind, begin, Until(begin, longest, share), [device.Name]));
            }
        }

        DateTimeOffset At(double share) => start.AddSeconds(Math.Round(share * options.Duration.TotalSeconds));

        DateTimeOffset Until(DateTimeOffset begin, TimeSpan longest, double share)
        {
            TimeSpan length = share * options.Duration < longest ? share * options.Duration : longest;
            return begin + length < end ? begin + length : end;
        }
    }
}
