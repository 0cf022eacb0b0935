using FsCheck;
using FsCheck.Fluent;
using IotOps.Logs.Upload;

namespace IotOps.Logs.Tests.Upload;

public sealed class PartPlanTests
{
    [Fact]
    public void Any_file_is_covered_by_parts_that_S3_takes()
    {
        Gen<long> length = Gen.Choose(0, 62).SelectMany(bits => Gen.Choose(0, int.MaxValue).Select(x =>
            Math.Clamp((1L << bits) + x, 1, PartPlan.LargestPart * PartPlan.MostParts)));

        Prop.ForAll(length.ToArbitrary(), fileLength =>
        {
            var plan = PartPlan.For(fileLength, PartPlan.SmallestPart);
            return plan.Count <= PartPlan.MostParts
                && plan.PartLength is >= PartPlan.SmallestPart and <= PartPlan.LargestPart
                && plan.Offset(plan.Count - 1) + plan.Length(plan.Count - 1) == fileLength
                && plan.Length(plan.Count - 1) > 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Parts_grow_only_when_ten_thousand_would_not_do()
    {
        PartPlan.For(50_000L << 20, 5 << 20).PartLength.ShouldBe(5 << 20);
        PartPlan.For((50_000L << 20) + 1, 5 << 20).PartLength.ShouldBe(6 << 20);
    }

    [Fact]
    public void A_file_longer_than_S3_takes_is_refused() =>
        Should.Throw<ArgumentException>(() => PartPlan.For((PartPlan.LargestPart * PartPlan.MostParts) + 1, 5 << 20));
}
