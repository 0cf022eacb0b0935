using System.Text.RegularExpressions;

namespace IotOps.HouseTests;

/// <summary>How packages and samples connect over HTTP.</summary>
public sealed class Transports
{
    private static readonly Regex Handlers = new(@"\b(?:SocketsHttpHandler|HttpClientHandler)\b|new HttpClient\(\)", RegexOptions.NonBacktracking);
    private static readonly Regex SdkClients = new(@"new Amazon\w+Config\b", RegexOptions.NonBacktracking);

    // The handlers' own way tries the addresses of a host one after the other: a silent first one takes the whole time-out.
    [Fact]
    public void Every_transport_gives_each_address_of_a_host_its_share() =>
        Sources(Handlers, without: ["ConnectCallback", "AwsTransport.Create"]).ShouldBeEmpty("Take AwsHttpHandler.Create or SlackHttpHandler.Create, or give it AddressRace.OpenAsync.");

    [Fact]
    public void Every_client_of_the_SDK_has_such_a_transport() =>
        Sources(SdkClients, without: ["HttpClientFactory"]).ShouldBeEmpty("Give it an HttpClientFactory: AwsHttpClientFactory of IotOps.Aws.");

    private static IEnumerable<string> Sources(Regex use, string[] without) =>
        new[] { "src", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .Where(path => File.ReadAllText(path) is var source && use.IsMatch(source) && !without.Any(what => source.Contains(what, StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(Repository.Root, path));
}
