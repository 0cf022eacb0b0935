using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.Archive.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Fact]
    public void A_layout_is_read_from_a_section()
    {
        LogLayout layout = LogLayout.FromConfiguration(Section(
            ("telemetry:Prefix", "telemetry/{yyyy}/{MM}/{dd}/{HH}/"),
            ("telemetry:Time", "timestamp"),
            ("telemetry:DeliveryDelay", "1h"),
            ("command:Prefix", "commands/{identifier}/{yyyy}/{MM}/{dd}/"),
            ("command:Aliases:0", "commands")));

        layout.Find("telemetry").ShouldNotBeNull().DeliveryDelay.ShouldBe(TimeSpan.FromHours(1));
        layout.Find("commands").ShouldNotBeNull().Name.ShouldBe("command");
    }

    [Fact]
    public void A_layout_that_cannot_be_used_says_why() =>
        Should.Throw<InvalidOperationException>(() => LogLayout.FromConfiguration(Section(("telemetry:Prefx", "a/"))))
            .Message.ShouldContain("Archive:telemetry:Prefx: there is no such key; did you mean 'Prefix'?");

    [Fact]
    public void An_exporter_needs_the_hosts_client()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddIotOpsArchive(Section(("Bucket", "logs"), ("Categories:command:Prefix", "commands/{identifier}/{yyyy}/{MM}/{dd}/")))
            .BuildServiceProvider();

        Should.Throw<InvalidOperationException>(provider.GetRequiredService<LogExporter>).Message.ShouldContain("IAmazonS3");
    }

    [Fact]
    public void A_section_without_categories_says_what_they_are() =>
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddIotOpsArchive(Section(("Bucket", "logs"))))
            .Message.ShouldBe("Archive:Categories is missing: where the logs lie: a section for each category, such as Categories:telemetry:Prefix.");

    private static IConfigurationSection Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create("Archive:" + value.Key, (string?)value.Value))).Build().GetSection("Archive");
}
