using IotOps.TestKit;

namespace IotOps.Defender.Tests.Publishing;

public sealed class ReportIdsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    private long Seconds => _time.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public void An_id_is_the_time_and_twice_in_a_second_one_more()
    {
        var ids = new ReportIds(timeProvider: _time);
        ids.Next().ShouldBe(Seconds);
        ids.Next().ShouldBe(Seconds + 1);
        _time.Advance(TimeSpan.FromSeconds(300));
        ids.Next().ShouldBe(Seconds);
    }

    [Fact]
    public void A_clock_that_steps_back_does_not_take_the_ids_along()
    {
        var ids = new ReportIds(timeProvider: _time);
        long first = ids.Next();
        _time.SetUtcNow(DateTimeOffset.UnixEpoch.AddYears(-1));
        ids.Next().ShouldBe(first + 1);
    }

    [Fact]
    public void An_id_is_positive_on_a_device_that_boots_in_1970()
    {
        _time.SetUtcNow(DateTimeOffset.UnixEpoch);
        new ReportIds(timeProvider: _time).Next().ShouldBe(1);
    }

    [Fact]
    public void A_restart_goes_on_where_the_last_process_was()
    {
        long last = 0;
        for (int i = 0; i < 5; i++)
        {
            last = new ReportIds(_directory["state/id"], _time).Next();
            _time.SetUtcNow(_time.GetUtcNow().AddHours(-1));
        }

        last.ShouldBe(new DateTimeOffset(2023, 10, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() + 4);
        File.ReadAllText(_directory["state/id"]).ShouldBe(last + "\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("12345")]
    [InlineData("-5\n")]
    [InlineData("99999999999999999999999\n")]
    [InlineData("9223372036854775807\n")]
    [InlineData("5\n6\n")]
    [InlineData("five\n")]
    public void A_file_that_is_torn_or_foreign_counts_as_none(string content)
    {
        File.WriteAllText(_directory["id"], content);
        new ReportIds(_directory["id"], _time).Next().ShouldBe(Seconds);
    }

    [Fact]
    public void A_disk_that_refuses_does_not_keep_ids_back()
    {
        File.WriteAllText(_directory["file"], "");
        var ids = new ReportIds(_directory["file/id"], _time);
        ids.Next().ShouldBe(Seconds);
        ids.Next().ShouldBe(Seconds + 1);
    }

    public void Dispose() => _directory.Dispose();
}
