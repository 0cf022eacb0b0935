using IotOps.Logs;
using IotOps.Mqtt;
using IotOps.Samples.Configuration;
using IotOps.Samples.DeviceAgent;
using IotOps.Samples.DeviceAgent.Outbox;
using IotOps.Shadow;
using IotOps.TestKit;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.Tests.DeviceAgent;

public sealed class AgentConfigTests
{
    [Fact]
    public void The_shape_that_Ioto_users_know_is_read_whole()
    {
        AgentConfig config = Parse(
            """
            // The agent of one device.
            { thing: 'THING00001', region: 'us-east-1', state: './state',
              services: { cloud: { keys: true, logs: true } },
              keys: { endpoint: 'https://abc.credentials.iot.us-east-1.amazonaws.com', roleAlias: 'logs', certificate: 'c.pem', key: '/k.pem', ca: 'ca.pem' },
              trace: { path: 'cloud', group: 'fleet', stream: '{thing}' },
              logs: { files: [ { path: '/var/log/sys*log', exclude: ['*.gz'], group: 'ioto', stream: '{hostname}', start: 'end', encoding: 'latin1',
                                 multiLine: { start: '^\\d{4}-', flush: '300ms' }, timestamp: { format: 'dd/MMM/yyyy:HH:mm:ss zzz', prefix: '[', zone: 'UTC' } },
                               { path: 'own/**/*.log', group: 'ioto', timestamp: 'syslog', } ],
                      retentionDays: 30, gzip: false, flush: '2s', oldEvents: 'reject' } }
            """);

        (config.Thing, config.Region, config.StateDirectory).ShouldBe(("THING00001", "us-east-1", "/etc/agent/./state"));
        config.Keys.ShouldBe(new KeysConfig
        {
            Endpoint = new Uri("https://abc.credentials.iot.us-east-1.amazonaws.com"),
            RoleAlias = "logs",
            Certificate = "/etc/agent/c.pem",
            Key = "/k.pem",
            Ca = "/etc/agent/ca.pem",
        });
        config.Trace.ShouldBe(new TraceConfig { ToCloud = true, Group = "fleet", Stream = "{thing}" });
        (config.RetentionDays, config.Gzip, config.Flush, config.OldEvents).ShouldBe((30, false, TimeSpan.FromSeconds(2), OldEvents.Reject));

        LogFileOptions first = config.Files[0];
        (first.Path, first.Group, first.Stream, first.Start, first.Encoding)
            .ShouldBe(("/var/log/sys*log", "ioto", "{hostname}", LogStart.End, LogEncoding.Latin1));
        first.Exclude.ShouldBe(["/etc/agent/*.gz"]);
        first.MultiLine!.Start.ToString().ShouldBe(@"^\d{4}-");
        first.MultiLine.FlushAfter.ShouldBe(TimeSpan.FromMilliseconds(300));
        first.Timestamp.ShouldBe(new LogTimestampOptions { Format = "dd/MMM/yyyy:HH:mm:ss zzz", Prefix = "[", TimeZone = TimeZoneInfo.FindSystemTimeZoneById("UTC") });

        LogFileOptions second = config.Files[1];
        (second.Path, second.Stream, second.Start, second.Encoding).ShouldBe(("/etc/agent/own/**/*.log", "{hostname}", LogStart.Beginning, LogEncoding.Detect));
        second.Timestamp.ShouldBe(LogTimestampOptions.Syslog);
    }

    [Fact]
    public void What_of_a_file_is_shipped_and_how_its_groups_are_made_is_read()
    {
        AgentConfig config = Parse(
            """
            { logs: { groupClass: 'essentials', deletionProtection: true, kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1', tags: { fleet: 'pumps', site: 'k1' },
                      files: [ { path: 'a.log', group: 'g', stream: '{thing}/{date}', minimumLevel: 'warning', includeEvents: '^a', excludeEvents: 'b$',
                                 timestamp: { format: 'epoch-ms', jsonField: 'event.time' } } ] }, thing: 't' }
            """);

        (config.GroupClass, config.GroupDeletionProtection, config.GroupKmsKeyArn).ShouldBe((LogGroupClass.Essentials, true, "arn:aws:kms:eu-west-1:111122223333:key/1"));
        config.GroupTags.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["fleet"] = "pumps", ["site"] = "k1" }, ignoreOrder: true);
        LogFileOptions file = config.Files.Single();
        (file.MinimumLevel, file.IncludeEvents!.ToString(), file.ExcludeEvents!.ToString()).ShouldBe((LogLevel.Warning, "^a", "b$"));
        file.Timestamp.ShouldBe(new LogTimestampOptions { Format = "epoch-ms", JsonField = "event.time" });
    }

    [Fact]
    public void The_journal_is_read()
    {
        AgentConfig config = Parse("{ logs: { journal: { group: 'g', units: ['a.service'], start: 'end', minimumLevel: 'error', directory: 'j' } } }");

        LogJournalOptions journal = config.Journal.ShouldNotBeNull();
        (journal.Group, journal.Stream, journal.Start, journal.MinimumLevel, journal.Directory)
            .ShouldBe(("g", "{hostname}/journal", LogStart.End, LogLevel.Error, "/etc/agent/j"));
        journal.Units.ShouldBe(["a.service"]);
        config.Ships.ShouldBeTrue();
    }

    [Theory]
    [InlineData("{ thing: 'THING00001', trace: { path: 'cloud' } }", "{thing}/agent")]
    [InlineData("{ trace: { path: 'cloud' } }", "{hostname}/agent")]
    [InlineData("{ thing: 'THING00001', trace: { path: 'cloud', stream: 'own' } }", "own")]
    public void The_agents_own_messages_go_to_a_stream_for_each_device_unless_told_otherwise(string config, string stream) =>
        Parse(config).Trace.Stream.ShouldBe(stream);

    [Fact]
    public void The_connection_and_the_shadows_are_read()
    {
        AgentConfig config = Parse(
            """
            { thing: 'THING00001', services: { cloud: { logs: false, shadow: true } },
              mqtt: { endpoint: 'abc-ats.iot.us-east-1.amazonaws.com', port: 443, certificate: 'c.pem', key: 'k.pem', ca: '/ca.pem' },
              shadow: { names: ['', 'config'], sync: '60s' } }
            """);

        config.Mqtt.ShouldBe(new MqttConfig
        {
            Endpoint = "abc-ats.iot.us-east-1.amazonaws.com",
            Port = 443,
            Transport = MqttTransport.Tls,
            Certificate = "/etc/agent/c.pem",
            Key = "/etc/agent/k.pem",
            Ca = "/ca.pem",
            ClientId = "THING00001",
        });
        config.Shadow!.Names.ShouldBe([ShadowId.Classic, new ShadowId("config")]);
        config.Shadow.Sync.ShouldBe(ShadowSync.Every(TimeSpan.FromMinutes(1)));
        config.Ships.ShouldBeFalse();
    }

    [Fact]
    public void How_AWS_is_reached_is_read()
    {
        AwsConfig aws = Parse("{ endpoint: 'http://127.0.0.1:4566', fips: true, dualStack: false, caBundle: 'roots.pem', proxy: 'http://me:secret@proxy:3128' }").Aws;

        (aws.Endpoint, aws.Fips, aws.DualStack, aws.CaBundle, aws.Proxy)
            .ShouldBe(("http://127.0.0.1:4566", true, false, "/etc/agent/roots.pem", "http://me:secret@proxy:3128"));
        AwsConfig nothing = Parse("{}").Aws;
        (nothing.Endpoint, nothing.Fips, nothing.DualStack, nothing.CaBundle, nothing.Proxy).ShouldBe((null, null, null, null, null));
    }

    [Fact]
    public void Mistakes_about_how_AWS_is_reached_are_told_without_the_proxys_password() =>
        Should.Throw<ConfigException>(() => Parse("{ endpoint: 'localhost:4566', proxy: 'socks5://me:secret@proxy', fips: 'yes' }")).Message.Split('\n').ShouldBe(
            [
                "agent.json5:1: 'endpoint' must be an address that begins with http:// or https://",
                "agent.json5:1: 'fips' must be true or false, not a string",
                "agent.json5:1: 'proxy' must be an address that begins with http://",
            ],
            ignoreOrder: true);

    [Fact]
    public void A_key_may_be_encrypted_in_a_token_or_in_a_PKCS12_file()
    {
        MqttConfig encrypted = Mqtt("certificate: 'c.pem', key: 'k.pem', passPhraseFile: 'phrase'");
        (encrypted.Key, encrypted.PassPhraseFile).ShouldBe(("/etc/agent/k.pem", "/etc/agent/phrase"));
        Mqtt("certificate: 'c.pem', keyUri: 'pkcs11:token=iot'").KeyUri.ShouldBe("pkcs11:token=iot");
        MqttConfig pfx = Mqtt("pfx: 'd.pfx', passPhraseFile: '/run/phrase'");
        (pfx.Pfx, pfx.PassPhraseFile, pfx.Certificate).ShouldBe(("/etc/agent/d.pfx", "/run/phrase", null));
    }

    [Theory]
    [InlineData("pfx: 'd.pfx', key: 'k.pem'", "'mqtt.pfx' holds certificate and key: leave out 'certificate', 'key' and 'keyUri'")]
    [InlineData("certificate: 'c.pem', key: 'k.pem', keyUri: 'pkcs11:x'", "'mqtt.keyUri' is a key in a token: leave out 'key'")]
    [InlineData("keyUri: 'pkcs11:x'", "'mqtt.keyUri' needs the other one of 'certificate' and 'key' (or 'keyUri')")]
    [InlineData("certificate: 'c.pem', keyUri: 'file:x'", "'mqtt.keyUri' must begin with pkcs11: (RFC 7512)")]
    [InlineData("passPhraseFile: 'phrase'", "'mqtt.passPhraseFile' is for 'key' or 'pfx', and neither is there")]
    public void Keys_that_contradict_each_other_are_told(string keys, string says) =>
        Should.Throw<ConfigException>(() => Mqtt(keys)).Message.ShouldContain(says);

    [Fact]
    public void The_outbox_is_read_and_needs_the_connection()
    {
        AgentConfig config = Parse("{ services: { cloud: { outbox: true } }, mqtt: { endpoint: 'broker' }, outbox: { limitBytes: 4096, overflow: 'refuse' } }");
        config.Outbox.ShouldBe(new OutboxConfig { LimitBytes = 4096, Overflow = DurableOverflow.Refuse });
        Parse("{ services: { cloud: { outbox: true } }, mqtt: { endpoint: 'broker' } }").Outbox
            .ShouldBe(new OutboxConfig { LimitBytes = 8 << 20, Overflow = DurableOverflow.DropOldest });
        Parse("{ outbox: { limitBytes: 4096 } }").Outbox.ShouldBeNull();
        Should.Throw<ConfigException>(() => Parse("{ services: { cloud: { outbox: true } } }")).Message
            .ShouldContain("'mqtt.endpoint' is missing: services.cloud.outbox is true");
    }

    private static MqttConfig Mqtt(string keys) =>
        Parse($"{{ thing: 't', services: {{ cloud: {{ shadow: true }} }}, mqtt: {{ endpoint: 'broker', {keys} }} }}").Mqtt!;

    [Fact]
    public void Without_the_service_the_connection_is_not_made()
    {
        AgentConfig config = Parse("{ mqtt: { endpoint: 'broker' }, shadow: { names: ['a'] } }");

        (config.Mqtt, config.Shadow).ShouldBe((null, null));
    }

    [Fact]
    public void Mistakes_about_the_connection_and_the_shadows_are_told_by_line()
    {
        ConfigException error = Should.Throw<ConfigException>(() => Parse(
            """
            { services: { cloud: { shadow: true } },
              mqtt: { certificate: 'c.pem',
                      transport: 'quic' },
              shadow: { names: ['a b'],
                        sync: 'often' } }
            """));

        error.Message.Split('\n').ShouldBe(
            [
                "agent.json5:1: 'services.cloud.shadow' is true, but 'thing' is missing: it is the thing's shadow",
                "agent.json5:2: 'mqtt.endpoint' is missing: services.cloud.shadow is true",
                "agent.json5:2: 'mqtt.certificate' needs the other one of 'certificate' and 'key' (or 'keyUri')",
                "agent.json5:3: 'mqtt.transport' must be one of 'tls', 'tcp', 'websocket', not 'quic'",
                "agent.json5:4: 'shadow.names' holds 'a b': a shadow's name is 1-64 of a-z A-Z 0-9 : _ -, or empty for the classic shadow",
                "agent.json5:5: 'shadow.sync' must be 'realtime', 'manual' or a time from 1s to 24d such as '60s', not 'often'",
            ]);
    }

    [Fact]
    public void An_empty_object_is_a_configuration()
    {
        AgentConfig config = Parse("{}");

        (config.Thing, config.Region, config.Keys, config.StateDirectory).ShouldBe((null, null, null, "/etc/agent/state"));
        config.Trace.ShouldBe(new TraceConfig { ToCloud = false, File = null, Group = "Ioto", Stream = "{hostname}/agent" });
        (config.Files.Count, config.RetentionDays, config.Gzip, config.Flush).ShouldBe((0, null, true, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void No_file_is_tailed_when_the_logs_service_is_off() =>
        Parse("{ services: { cloud: { logs: false } }, logs: { files: [{ path: 'a', group: 'g' }] } }").Files.ShouldBeEmpty();

    [Fact]
    public void The_device_keys_section_may_stay_while_it_is_switched_off() =>
        Parse("{ services: { cloud: { keys: false } }, keys: { roleAlias: 'x' } }").Keys.ShouldBeNull();

    [Fact]
    public void A_trace_path_is_a_file_relative_to_the_configuration() =>
        Parse("{ trace: { path: 'agent.log' } }").Trace.File.ShouldBe("/etc/agent/agent.log");

    [Fact]
    public void Every_problem_is_told_at_once_by_line()
    {
        ConfigException error = Should.Throw<ConfigException>(() => Parse(
            """
            {
              regoin: 'eu-west-1',
              services: { cloud: { keys: true, lgos: true } },
              keys: {
                endpoint: 'http://plain', roleAlias: 7 },
              logs: {
                files: [
                  { path: 'a.log',
                    grop: 'x', stream: '{thing}' },
                  { group: 'g', start: 'begining' },
                  'b.log',
                  { path: 'c', group: 'g', multiLine: { start: '(' }, timestamp: { format: 'syslog', zone: 'Mars/Base' } },
                ],
                retentionDays: 31,
                gzip: 'yes',
                flush: '5',
                flush: '5s',
              },
            }
            """));

        error.Message.Split('\n').ShouldBe(
            [
                "agent.json5:2: unknown key 'regoin'; did you mean 'region'?",
                "agent.json5:3: unknown key 'lgos' in services.cloud; did you mean 'logs'?",
                "agent.json5:4: 'keys.certificate' is missing: services.cloud.keys is true",
                "agent.json5:4: 'keys.key' is missing: services.cloud.keys is true",
                "agent.json5:5: 'keys.endpoint' must be an https:// address, not 'http://plain'",
                "agent.json5:5: 'keys.roleAlias' must be a string that is not empty, not the number 7",
                "agent.json5:8: 'logs.files[0].group' is missing: which log group they belong to",
                "agent.json5:9: 'logs.files[0].stream' holds {thing}, but 'thing' is missing",
                "agent.json5:9: unknown key 'grop' in logs.files[0]; did you mean 'group'?",
                "agent.json5:10: 'logs.files[1].path' is missing: which files to ship",
                "agent.json5:10: 'logs.files[1].start' must be one of 'beginning', 'end', not 'begining'; did you mean 'beginning'?",
                "agent.json5:11: 'logs.files[2]' must be an object, not a string",
                "agent.json5:12: 'logs.files[3].multiLine.start' is no regular expression: Invalid pattern '(' at offset 1. Not enough )'s.",
                "agent.json5:12: 'logs.files[3].timestamp.zone' is 'Mars/Base', which this system has no time zone for",
                "agent.json5:14: 'logs.retentionDays' is 31, but CloudWatch Logs knows only 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
                "agent.json5:15: 'logs.gzip' must be true or false, not a string",
                "agent.json5:16: 'logs.flush' must be a time such as '300ms', '5s', '1m' or '2h', not '5'",
                "agent.json5:17: 'logs.flush' is there twice; the first is at line 16",
            ]);
    }

    [Fact]
    public void A_key_that_is_like_no_other_is_answered_with_those_that_there_are() =>
        Should.Throw<ConfigException>(() => Parse("{ thing: 'x', outbox: { retention: 1 } }"))
            .Message.ShouldBe("agent.json5:1: unknown key 'retention' in outbox; there are limitBytes, overflow");

    [Fact]
    public void The_example_is_read_and_names_every_key()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "agent.json5");
        string text = File.ReadAllText(path);
        List<string> known = [];

        AgentConfig config = ConfigFile.Read(path, document =>
        {
            AgentConfig read = AgentConfigFile.Read(document, "/etc/agent");
            known.AddRange(document.KnownKeys());
            return read;
        });

        (config.Thing, config.StateDirectory, config.Files[0].Path).ShouldBe(("THING00001", "/etc/agent/state", "/var/log/syslog"));
        known.Count.ShouldBeGreaterThan(50);
        known.Where(key => !text.Contains($" {key}: ", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void A_text_that_is_not_JSON5_is_told_with_its_place() =>
        Should.Throw<ConfigException>(() => Parse("{\n  thing: 'x'\n  region: 'y' }"))
            .Message.ShouldBe("agent.json5:3: expected ',' or '}', found 'r' (column 3)");

    [Fact]
    public void A_document_that_is_no_object_is_one_problem() =>
        Should.Throw<ConfigException>(() => Parse("[]")).Message.ShouldBe("agent.json5:1: the document must be an object, not an array");

    [Fact]
    public void A_file_that_is_not_there_is_told_by_name() =>
        Should.Throw<ConfigException>(() => AgentConfigFile.Read("/nowhere/agent.json5")).Message.ShouldContain("/nowhere/agent.json5");

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        using var directory = new TempDirectory();
        File.WriteAllBytes(directory["agent.json5"], [(byte)'{', 0xFF, (byte)'}']);

        Should.Throw<ConfigException>(() => AgentConfigFile.Read(directory["agent.json5"])).Message.ShouldContain("agent.json5");
    }

    internal static AgentConfig Parse(string text) =>
        ConfigFile.Parse("agent.json5", text, document => AgentConfigFile.Read(document, "/etc/agent"));
}
