using IotOps.Slack;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Tests.Requests;

public sealed class RequestIdsTests
{
    [Theory]
    [InlineData("dev-0123456789abcdef", "dev")]
    [InlineData("dev-eu-0123456789abcdef", "dev-eu")]
    [InlineData("prod-0123456789abcdef", null)]
    [InlineData("dev", null)]
    public void An_id_tells_its_environment(string id, string? environment) =>
        RequestIds.Environment(id, ["dev", "dev-eu"]).ShouldBe(environment);

    [Fact]
    public void Only_who_has_the_signing_secret_computes_an_id_and_the_order_of_two_secrets_does_not_matter()
    {
        SlashCommand.TryParse(new SlackForm().ToBytes(), out SlashCommand? command, out _).ShouldBeTrue();
        var query = (LogExportQuery)LogExportCommand.Parse(command!.Text, new LogExportCommandOptions()).Command!;

        string Id(params string[] secrets) => new RequestIds(secrets).Of(command, query, DateTimeOffset.UnixEpoch).Present;

        Id("new", "old").ShouldBe(Id("old", "new"));
        (Id("new") == Id("old")).ShouldBeFalse();
        Id("new").ShouldMatch("^logs-[0-9a-f]{32}$");
    }
}
