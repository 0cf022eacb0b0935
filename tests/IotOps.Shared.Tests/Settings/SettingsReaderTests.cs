using System.Text;
using Microsoft.Extensions.Configuration;

namespace IotOps.Shared.Tests.Settings;

public sealed class SettingsReaderTests
{
    private enum Colour
    {
        Red,
        DarkGreen,
    }

    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("00:00:30", 30_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    public void A_time_has_a_unit_or_is_as_dotnet_writes_it(string text, double milliseconds) =>
        Read($$"""{ "Time": "{{text}}" }""", settings => settings.Duration("Time", default)).TotalMilliseconds.ShouldBe(milliseconds);

    [Theory]
    [InlineData("5")]
    [InlineData("-00:00:30")]
    [InlineData("soon")]
    public void Another_time_is_refused(string text) =>
        Refusal($$"""{ "Time": "{{text}}" }""", settings => settings.Duration("Time", default))
            .ShouldBe($"Time: must be a time such as '300ms', '5s', '1m' or '2h', not '{text}'.");

    [Theory]
    [InlineData("64MiB", 67_108_864)]
    [InlineData("64 mib", 67_108_864)]
    [InlineData("1.5KiB", 1_536)]
    [InlineData("500kB", 500_000)]
    [InlineData("4096", 4_096)]
    [InlineData("12B", 12)]
    public void Bytes_have_a_unit_or_none(string text, long bytes) =>
        Read($$"""{ "Room": "{{text}}" }""", settings => settings.Bytes("Room", 0L)).ShouldBe(bytes);

    [Theory]
    [InlineData("64M")]
    [InlineData("-1KiB")]
    [InlineData("0.3B")]
    [InlineData("99999999999TiB")]
    public void Another_amount_is_refused(string text) =>
        Refusal($$"""{ "Room": "{{text}}" }""", settings => settings.Bytes("Room", 0L))
            .ShouldBe($"Room: must be an amount of bytes such as '4096', '256KiB', '64MiB' or '1GiB', not '{text}'.");

    [Fact]
    public void An_amount_that_no_int_holds_is_refused() =>
        Refusal("""{ "Room": "3GiB" }""", settings => settings.Bytes("Room", 0)).ShouldBe("Room: must be less than 2GiB.");

    [Fact]
    public void A_missing_key_leaves_the_default() =>
        Read("{}", settings => (settings.Duration("Time", TimeSpan.FromSeconds(5)), settings.Text("Name", "x"), settings.Choice("Colour", Colour.DarkGreen)))
            .ShouldBe((TimeSpan.FromSeconds(5), "x", Colour.DarkGreen));

    [Fact]
    public void Keys_and_choices_have_no_case() =>
        Read("""{ "colour": "darkgreen" }""", settings => settings.Choice("Colour", Colour.Red)).ShouldBe(Colour.DarkGreen);

    // Enum.Parse takes "1" and "Red,DarkGreen" too.
    [Theory]
    [InlineData("1")]
    [InlineData("Red,DarkGreen")]
    public void A_number_is_no_choice(string text) =>
        Refusal($$"""{ "Colour": "{{text}}" }""", settings => settings.Choice("Colour", Colour.Red)).ShouldBe($"Colour: must be one of Red, DarkGreen, not '{text}'.");

    [Fact]
    public void A_mistyped_choice_is_answered_with_the_nearest() =>
        Refusal("""{ "Colour": "DrakGreen" }""", settings => settings.Choice("Colour", Colour.Red))
            .ShouldBe("Colour: must be one of Red, DarkGreen; did you mean 'DarkGreen'?, not 'DrakGreen'.");

    [Fact]
    public void A_key_that_nobody_reads_is_refused_with_its_path_and_the_nearest()
    {
        IConfiguration section = Json("""{ "Logs": { "Files": [ { "Pth": "x" } ] } }""").GetSection("Logs");
        Should.Throw<InvalidOperationException>(() => SettingsReader.Read(section, settings => settings.Objects("Files", file => file.Text("Path"))))
            .Message.ShouldBe("Logs:Files:0:Pth: there is no such key; did you mean 'Path'?");
    }

    [Fact]
    public void A_key_that_is_near_to_none_is_answered_with_all() =>
        Refusal("""{ "Elephant": 1 }""", settings => (settings.Text("Path"), settings.Text("Group")))
            .ShouldBe("Elephant: there is no such key; there are Group, Path.");

    [Fact]
    public void All_problems_are_told_at_once() =>
        Refusal("""{ "A": "x", "B": "y", "C": 1 }""", settings => (settings.Integer("A"), settings.Boolean("B", otherwise: false), settings.Required("D", "a name")))
            .Split('\n').Length.ShouldBe(4);

    [Fact]
    public void A_missing_key_that_is_needed_is_told_with_an_example() =>
        Refusal("{}", settings => settings.Required("Region", "the region, such as 'eu-west-1'")).ShouldBe("Region is missing: the region, such as 'eu-west-1'.");

    [Fact]
    public void An_empty_list_takes_the_defaults_away() =>
        Read("""{ "Exclude": [] }""", settings => settings.Texts("Exclude", ["lo"])).ShouldBeEmpty();

    [Fact]
    public void A_value_is_no_section_and_a_section_is_no_value()
    {
        Refusal("""{ "Journal": "yes" }""", settings => settings.Object("Journal", journal => journal.Text("Group") ?? "")).ShouldBe("Journal: must have keys below it, and is a single value.");
        Refusal("""{ "Group": { "Name": "x" } }""", settings => settings.Text("Group")).ShouldBe("Group: must be a single value, and has keys below it.");
    }

    [Fact]
    public void An_empty_text_is_a_missing_one_where_there_is_no_default()
    {
        Read("""{ "CertificateFile": "" }""", settings => settings.Text("CertificateFile")).ShouldBeNull();
        Read("""{ "Prefix": "" }""", settings => settings.Text("Prefix", "x")).ShouldBe("");
    }

    [Fact]
    public void A_null_is_a_missing_key() => Read("""{ "Name": null }""", settings => settings.Text("Name", "x")).ShouldBe("x");

    [Fact]
    public void Objects_have_the_names_of_their_author() =>
        Read("""{ "a": { "Prefix": "1/" }, "b": { "Prefix": "2/" } }""", settings => settings.Named((name, category) => $"{name}={category.Text("Prefix")}")).ShouldBe(["a=1/", "b=2/"]);

    [Fact]
    public void A_secret_that_is_no_base64_is_not_repeated() =>
        Refusal("""{ "Key": "hunter2!" }""", settings => settings.Key("Key")).ShouldNotContain("hunter2");

    [Fact]
    public void A_key_is_base64() => Read("""{ "Key": "AQID" }""", settings => settings.Key("Key").ToArray()).ShouldBe([1, 2, 3]);

    [Fact]
    public void A_source_that_knows_the_line_is_asked_for_it()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Time", "soon"), new("Time:$place:soon", "agent.json5:12")])
            .Build();
        Should.Throw<InvalidOperationException>(() => SettingsReader.Read(configuration, settings => (settings.Duration("Time", default), settings.Foreign("$place", "", _ => "", ""))))
            .Message.ShouldStartWith("agent.json5:12: Time: ");
    }

    [Fact]
    public void The_whole_configuration_instead_of_a_section_is_answered_with_what_to_give() =>
        Should.Throw<InvalidOperationException>(() => SettingsReader.Read(Json("""{ "PATH": "/bin" }"""), settings => settings.Text("Group")))
            .Message.ShouldContain("Give a section");

    [Fact]
    public void Its_keys_are_described_with_form_and_default() =>
        SettingsReader.Describe(settings => (
                settings.Required("Region", ""),
                settings.Bytes("Room", 64L << 20),
                settings.Duration("Time", TimeSpan.FromSeconds(90)),
                settings.Objects("Files", file => file.Choice("Colour", Colour.DarkGreen))))
            .ShouldBe(
            [
                new Setting("Region", "text", null),
                new Setting("Room", "bytes", "64MiB"),
                new Setting("Time", "time", "90s"),
                new Setting("Files:0:Colour", "Red or DarkGreen", "DarkGreen"),
            ]);

    private static T Read<T>(string json, Func<SettingsReader, T> read) => SettingsReader.Read(Json(json), read);

    // What a whole configuration is told beside its problems has its own test.
    private static string Refusal<T>(string json, Func<SettingsReader, T> read) =>
        Should.Throw<InvalidOperationException>(() => SettingsReader.Read(Json($$"""{ "It": {{json}} }""").GetSection("It"), read)).Message.Replace("It:", "", StringComparison.Ordinal);

    private static IConfigurationRoot Json(string json) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
}
