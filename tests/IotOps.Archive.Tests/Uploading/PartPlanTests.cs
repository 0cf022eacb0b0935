using IotOps.Archive.Uploading;

namespace IotOps.Archive.Tests.Uploading;

public sealed class PartPlanTests
{
    private const long MiB = 1 << 20;
    private const long TiB = 1L << 40;

    [Theory]
    [InlineData(0, 8)]
    [InlineData(1_000_000_000L, 8)]
    [InlineData(39 * 1024 * MiB, 8)]
    [InlineData(100 * 1024 * MiB, 21)]
    [InlineData(50 * TiB, 5 * 1024)]
    public void Parts_are_as_long_as_half_of_them_need_to_be_for_what_is_expected(long expected, long mebibytes) =>
        new PartPlan(expected, 8 * MiB).SizeOf(1).ShouldBe(mebibytes * MiB);

    [Fact]
    public void The_longest_object_that_S3_takes_fits() =>
        Sum(new PartPlan(48 * TiB, 8 * MiB)).ShouldBe(10_000 * PartPlan.LargestPart);

    [Fact]
    public void Far_more_than_expected_fits_too()
    {
        Sum(new PartPlan(0, 8 * MiB)).ShouldBeGreaterThan(13 * TiB);
        new PartPlan(0, 8 * MiB).SizeOf(5_000).ShouldBe(8 * MiB);
        new PartPlan(0, 8 * MiB).SizeOf(5_001).ShouldBe(16 * MiB);
    }

    [Fact]
    public void No_part_is_shorter_or_longer_than_S3_takes()
    {
        foreach (long expected in new[] { 0, 1, TiB, 20 * TiB, 48 * TiB, long.MaxValue })
        {
            var plan = new PartPlan(expected, PartPlan.SmallestPart);
            Enumerable.Range(1, PartPlan.MostParts).ShouldAllBe(n => plan.SizeOf(n) >= PartPlan.SmallestPart && plan.SizeOf(n) <= PartPlan.LargestPart);
        }
    }

    private static long Sum(PartPlan plan) => Enumerable.Range(1, PartPlan.MostParts).Sum(plan.SizeOf);
}
