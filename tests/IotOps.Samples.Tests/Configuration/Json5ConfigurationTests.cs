using IotOps.Samples.Configuration;
using IotOps.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.Samples.Tests.Configuration;

public sealed class Json5ConfigurationTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Path => _directory["agent.json5"];

    [Fact]
    public void A_file_gives_the_keys_of_a_hosts_configuration()
    {
        IConfiguration configuration = Load("{ logs: { gzip: true, files: [{ path: 'a' }, { path: 'b' }], exclude: [], limit: 1e3 } } // a comment");
        configuration["Logs:Gzip"].ShouldBe("true");
        configuration["Logs:Files:1:Path"].ShouldBe("b");
        configuration["Logs:Limit"].ShouldBe("1000");
        configuration.GetSection("Logs:Exclude").Value.ShouldBe("");
    }

    [Fact]
    public void A_refused_key_or_value_names_its_file_and_line()
    {
        IConfiguration configuration = Load("{\n  logs: {\n    region: 'eu-west-1', stateDirectory: 's',\n    flushIntervall: '5s',\n    spoolLimitBytes: 'much',\n  },\n}");
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddIotOpsLogs(configuration.GetSection("logs")))
            .Message.Split('\n').ShouldBe(
            [
                $"{Path}:5: logs:SpoolLimitBytes: must be an amount of bytes such as '4096', '256KiB', '64MiB' or '1GiB', not 'much'.",
                $"{Path}:4: logs:flushIntervall: there is no such key; did you mean 'FlushInterval'?",
            ]);
    }

    [Fact]
    public void A_value_that_another_source_gave_is_not_blamed_on_the_file()
    {
        File.WriteAllText(Path, "{ logs: { region: 'r', stateDirectory: 's', flushInterval: '5s' } }");
        IConfiguration configuration = new ConfigurationBuilder()
            .Add(new Json5ConfigurationSource(Path))
            .AddInMemoryCollection([new("logs:flushInterval", "soon")])
            .Build();
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddIotOpsLogs(configuration.GetSection("logs")))
            .Message.ShouldStartWith("logs:FlushInterval: must be a time");
    }

    [Fact]
    public void A_key_that_is_there_twice_is_refused() =>
        Should.Throw<ConfigException>(() => Load("{ logs: { gzip: true,\n Gzip: false } }")).Message.ShouldStartWith($"{Path}:2: 'logs:Gzip' is there twice; the first is at line 1");

    [Fact]
    public void A_file_that_is_no_json5_is_refused_with_the_line() =>
        Should.Throw<ConfigException>(() => Load("{\n a: }")).Message.ShouldStartWith($"{Path}:2: ");

    [Fact]
    public void A_missing_file_is_refused_unless_it_is_optional()
    {
        Should.Throw<ConfigException>(() => new ConfigurationBuilder().Add(new Json5ConfigurationSource(Path)).Build());
        new ConfigurationBuilder().Add(new Json5ConfigurationSource(Path, optional: true)).Build().GetChildren().ShouldBeEmpty();
    }

    public void Dispose() => _directory.Dispose();

    private IConfigurationRoot Load(string text)
    {
        File.WriteAllText(Path, text);
        return new ConfigurationBuilder().Add(new Json5ConfigurationSource(Path)).Build();
    }
}
