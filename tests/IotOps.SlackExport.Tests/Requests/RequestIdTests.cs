using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Tests.Requests;

public sealed class RequestIdTests
{
    [Theory]
    [InlineData("dev-0123456789abcdef", "dev")]
    [InlineData("dev-eu-0123456789abcdef", "dev-eu")]
    [InlineData("prod-0123456789abcdef", null)]
    [InlineData("dev", null)]
    public void An_id_tells_its_environment(string id, string? environment) =>
        RequestId.Environment(id, ["dev", "dev-eu"]).ShouldBe(environment);
}
