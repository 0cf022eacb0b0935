using IotOps.Fleet.Connectivity;

namespace IotOps.Fleet.Tests.Lifecycle;

public sealed class SeasonalProfileTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    // Computed with 60 digits.
    [Theory]
    [InlineData(3, 0.5, 0.014387677966970687)]
    [InlineData(1, 0.02, 0.019801326693244698)]
    [InlineData(60, 40, 0.0018796285686450839)]
    [InlineData(30, 40, 0.95677131784826443)]
    [InlineData(1_000, 900, 0.00054990226571178292)]
    [InlineData(5, 1_000, 1)]
    [InlineData(0, 7, 1)]
    public void The_tail_of_Poisson_is_the_known_one(int count, double expected, double tail) => Poisson.Tail(count, expected).ShouldBe(tail, tail * 1e-9);

    // 25 clients, 14 days to learn and 7 that count, as often as a quiet, a busy and a very busy client.
    [Theory]
    [InlineData(0.02, 0.02)]
    [InlineData(3, 0.02)]
    [InlineData(40, 0.05)]
    public void By_chance_alone_there_is_hardly_an_alarm(double rate, double perClientDay)
    {
        int alarms = 0;
        for (int client = 0; client < 25; client++)
        {
            var profile = new SeasonalProfile();
            Run(profile, new Random(client), rate, days: 21, (bucket, count) =>
                alarms += bucket >= 14 * SeasonalProfile.Slots && Poisson.Tail(count, profile.Expected()) < 1e-5 ? 1 : 0);
        }

        output.WriteLine($"{rate}: {alarms / (25 * 7.0):0.0000} alarms a client and day");
        (alarms / (25 * 7.0)).ShouldBeLessThanOrEqualTo(perClientDay);
    }

    [Theory]
    [InlineData(0.02, 4)]
    [InlineData(3, 20)]
    [InlineData(40, 100)]
    public void What_is_far_above_the_usual_is_an_alarm(double rate, int count)
    {
        var profile = new SeasonalProfile();
        Run(profile, new Random(1), rate, days: 20, (_, _) => { });

        Poisson.Tail(count, profile.Expected()).ShouldBeLessThan(1e-5);
    }

    // What the README says of the decayed profile.
    [Theory]
    [InlineData(3, 0.05, 0.25)]
    [InlineData(40, 0.015, 0.07)]
    public void The_decayed_mean_differs_little_from_the_exact_window(double rate, double meanError, double largestError)
    {
        var errors = new List<double>();
        for (int client = 0; client < 10; client++)
        {
            var profile = new SeasonalProfile();
            var counts = new Dictionary<int, int>();
            Run(profile, new Random(100 + client), rate, days: 42, (bucket, count) =>
            {
                counts[bucket] = count;
                if (bucket >= 28 * SeasonalProfile.Slots && bucket % 7 == 0)
                {
                    double exact = Enumerable.Range(1, 14).SelectMany(day => new[] { -1, 0, 1 }.Select(near => counts.GetValueOrDefault(bucket - (day * SeasonalProfile.Slots) + near))).Sum() / 42.0;
                    errors.Add(Math.Abs(profile.Expected() - exact) / exact);
                }
            });
        }

        output.WriteLine($"{rate}: mean {errors.Average():0.000}, largest {errors.Max():0.000}");
        errors.Average().ShouldBeLessThanOrEqualTo(meanError);
        errors.Max().ShouldBeLessThanOrEqualTo(largestError);
    }

    [Fact]
    public void Years_without_an_event_end_at_once()
    {
        var profile = new SeasonalProfile();
        Run(profile, new Random(1), 3, days: 20, (_, _) => { });

        profile.Add(DateTimeOffset.MaxValue).ShouldBeTrue();
        profile.Add(DateTimeOffset.MinValue).ShouldBeFalse();

        profile.Expected().ShouldBeInRange(0, 0.1);
    }

    private static void Run(SeasonalProfile profile, Random random, double rate, int days, Action<int, int> look)
    {
        for (int bucket = 0; bucket < days * SeasonalProfile.Slots; bucket++)
        {
            int count = Sample(random, rate);
            for (int i = 0; i < count; i++)
            {
                profile.Add(Start.AddSeconds(bucket * SeasonalProfile.SlotSeconds));
            }

            if (count > 0)
            {
                look(bucket, count);
            }
        }
    }

    // Knuth's way: a product of uniform numbers.
    private static int Sample(Random random, double rate)
    {
        double limit = Math.Exp(-rate), product = random.NextDouble();
        int count = 0;
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }
}
