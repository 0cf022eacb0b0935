using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Archive.Tests.Zip;

public sealed class ZipEntryNameTests
{
    [Theory]
    [InlineData("telemetry_20231001.log", "telemetry_20231001.log")]
    [InlineData("a/b/c.log", "a/b/c.log")]
    [InlineData("日本語 ログ.log", "日本語 ログ.log")]
    [InlineData("../../etc/passwd", "etc/passwd")]
    [InlineData("/etc/passwd", "etc/passwd")]
    [InlineData("a/./b//c/../d", "a/b/c/d")]
    [InlineData(@"..\..\windows\system.ini", "windows/system.ini")]
    [InlineData(@"C:\x", "x")]
    [InlineData("C:x", "x")]
    [InlineData("a/D:/x", "a/x")]
    [InlineData("C:D:..", "_")]
    [InlineData("a:b", "b")]
    [InlineData("aa:b", "aa_b")]
    [InlineData("nul\0l\n\u007F.log", "nul_l__.log")]
    [InlineData("<>:\"|?*", "_______")]
    [InlineData("a. . ./b.", "a/b")]
    [InlineData("... ", "_")]
    [InlineData("dir/", "dir")]
    [InlineData("", "_")]
    [InlineData("..", "_")]
    [InlineData("CON", "_CON")]
    [InlineData("a/nul.tar.gz", "a/_nul.tar.gz")]
    [InlineData("com1 .log", "_com1 .log")]
    [InlineData("LPT\u00B9", "_LPT\u00B9")]
    [InlineData("CONSOLE", "CONSOLE")]
    [InlineData("COM10", "COM10")]
    [InlineData("gpj.\u202Eexe", "gpj._exe")]
    [InlineData("\uD83D\uDE00.log", "\uD83D\uDE00.log")]
    public void A_name_becomes_one_that_every_system_takes_for_a_file_below(string name, string safe) =>
        ZipEntryName.Sanitize(name).ShouldBe(safe);

    [Fact]
    public void Lone_surrogates_become_an_underscore() => ZipEntryName.Sanitize("a\uD800b\uDC00").ShouldBe("a_b_");

    [Fact]
    public void A_long_part_is_cut_before_its_extension_at_a_whole_character()
    {
        string safe = ZipEntryName.Sanitize("dir/" + new string('é', 300) + ".log");

        safe.ShouldBe("dir/" + new string('é', 125) + ".log");
        Encoding.UTF8.GetByteCount(safe[4..]).ShouldBeLessThanOrEqualTo(255);
    }

    [Fact]
    public void A_name_longer_than_a_zip_takes_is_refused() =>
        Should.Throw<ArgumentException>(() => ZipEntryName.Sanitize(string.Join('/', Enumerable.Repeat(new string('a', 250), 300)))).Message.ShouldContain("65,535");

    [Fact]
    public void Whatever_the_name_the_result_is_safe_and_stays_what_it_is() =>
        Prop.ForAll(
            Arb.From(Gen.ArrayOf(Gen.Elements("..", ".", "/", "\\", "C:", "con", "nul", " ", ".", "a", "é", "\0", "\uD800", ":", "COM1", "~"))),
            parts =>
            {
                string safe = ZipEntryName.Sanitize(string.Concat(parts));
                ZipEntryName.Sanitize(safe).ShouldBe(safe);
                safe.ShouldNotContain('\\');
                safe.ShouldNotContain(':');
                foreach (string part in safe.Split('/'))
                {
                    part.ShouldNotBeOneOf("", ".", "..");
                    part.ShouldNotEndWith(".");
                    part.ShouldNotEndWith(" ");
                }
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(500));

    [Fact]
    public async Task A_name_that_is_taken_whatever_its_case_is_numbered()
    {
        await using var zip = new ZipStreamWriter(new MemoryStream());
        List<string> given = [];
        foreach (string name in new[] { "a.log", "A.LOG", "a (2).log", "a.log", "./a.log", "b/x", "b", "b", "a.log/c", "noext", "noext", "É", "é" })
        {
            given.Add(zip.OpenEntry(name, DateTimeOffset.UnixEpoch));
            await zip.CloseEntryAsync();
        }

        given.ShouldBe(["a.log", "A (2).LOG", "a (2) (2).log", "a (3).log", "a (4).log", "b/x", "b (2)", "b (3)", "a (5).log/c", "noext", "noext (2)", "É", "é (2)"]);
    }
}
