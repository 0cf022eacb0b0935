using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace IotOps.HouseTests;

/// <summary>What the packages read of a host's configuration, found by reflection: the reader is internal source in each of them.</summary>
internal sealed class ConfigurationKeys
{
    private readonly Type _reader;
    private readonly Delegate _read;

    public ConfigurationKeys(string package, string settings)
    {
        Assembly assembly = Assembly.Load(package);
        _reader = assembly.GetType("IotOps.Shared.SettingsReader", throwOnError: true)!;
        MethodInfo read = assembly.GetType($"{package}.DependencyInjection.{settings}Settings", throwOnError: true)!.GetMethod("Read")!;
        Options = read.ReturnType;
        _read = read.CreateDelegate(typeof(Func<,>).MakeGenericType(_reader, Options));
    }

    /// <summary>The type of the options.</summary>
    public Type Options { get; }

    /// <summary>Every key: its path, how it is written, its default; null where it must be there.</summary>
    public IReadOnlyList<(string Path, string Form, string? Default)> All =>
        [.. ((IEnumerable)Call("Describe", _read)).Cast<object>().Select(key => (Text(key, "Path")!, Text(key, "Form")!, Text(key, "Default")))];

    /// <summary>The options that these values make.</summary>
    public object Read(IEnumerable<KeyValuePair<string, string?>> values) =>
        Call("Read", new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create("It:" + value.Key, value.Value))).Build().GetSection("It"), _read);

    private static string? Text(object key, string property) => (string?)key.GetType().GetProperty(property)!.GetValue(key);

    private object Call(string method, params object[] arguments) => _reader.GetMethod(method)!.MakeGenericMethod(Options).Invoke(null, arguments)!;
}
