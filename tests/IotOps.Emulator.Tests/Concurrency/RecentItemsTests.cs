using IotOps.Emulator.Concurrency;

namespace IotOps.Emulator.Tests.Concurrency;

public sealed class RecentItemsTests
{
    [Fact]
    public void The_oldest_go_when_there_are_too_many_or_they_are_too_large()
    {
        var many = new RecentItems<int>(_ => 1);
        for (int i = 0; i < 10_002; i++)
        {
            many.Add(i);
        }

        (many.Latest()[0], many.Latest().Length, many.Total).ShouldBe((2, 10_000, 10_002));

        var large = new RecentItems<int>(_ => 32 << 20);
        large.Add(1);
        large.Add(2);
        large.Add(3);
        large.Latest().ShouldBe([2, 3]);
    }

    [Fact]
    public void The_newest_stays_however_large()
    {
        var items = new RecentItems<int>(_ => 1L << 40);
        items.Add(1);
        items.Add(2);

        items.Latest().ShouldBe([2]);
    }
}
