namespace IotOps.Logs.Tests.Tail;

/// <summary>What lies in log directories and is no text.</summary>
public sealed class NotTextTests
{
    [Fact]
    public void Nuls_that_a_power_cut_left_before_a_line_are_dropped_and_its_time_is_read()
    {
        using var rig = new TailRig(files: static f => f with { Timestamp = LogTimestampOptions.Iso8601 });
        rig.Lines("app.log", "2026-11-29T10:00:00Z before", new string('\0', 4000) + "2026-11-29T10:05:00Z after reboot", "2026-11-29T10:06:00Z next");
        rig.Poll(2);
        rig.Lanes.Messages.ShouldBe(["2026-11-29T10:00:00Z before", "2026-11-29T10:05:00Z after reboot", "2026-11-29T10:06:00Z next"]);
        rig.Lanes.Taken[1].Timestamp.ShouldBe(new DateTimeOffset(2026, 11, 29, 10, 5, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Nuls_alone_are_no_event_and_nuls_inside_a_line_stay()
    {
        using var rig = new TailRig();
        rig.Lines("app.log", new string('\0', 5_000_000), "a\0b", "\0", "c");
        rig.Read(3).ShouldBe(["a\0b", "c"]);
    }

    [Theory]
    [InlineData("app.log.1.xz", new byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 1, 2, 10 })]
    [InlineData("app.log.2.bz2", new byte[] { 0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 10 })]
    [InlineData("app.log.3.zst", new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 1, 2, 10 })]
    [InlineData("app.log.4.zip", new byte[] { 0x50, 0x4B, 3, 4, 1, 2, 10 })]
    [InlineData("app.log.5", new byte[] { 0x1F, 0x8B, 8, 0, 1, 2, 10 })]
    [InlineData("system.journal", new byte[] { 0x4C, 0x50, 0x4B, 0x53, 0x48, 0x48, 0x52, 0x48, 10 })]
    public void A_file_that_says_it_is_no_text_is_left_alone_with_one_word(string name, byte[] start)
    {
        using var rig = new TailRig("*");
        File.WriteAllBytes(rig[name], start);
        rig.Lines("app.log", "text");
        rig.Read(20).ShouldBe(["text"]);
        rig.Log.Entries.Count(e => e.Id.Id == 260 && e.Text.Contains(name, StringComparison.Ordinal)).ShouldBe(1);
        rig.Tail.IsIdle.ShouldBeTrue();

        File.WriteAllText(rig[name], "text after all\n");
        rig.Read(5).ShouldBe(["text after all"]);
    }
}
