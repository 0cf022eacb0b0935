namespace IotOps.Defender;

/// <summary>Which of the two documented spellings of the element names a report uses; the service takes both.</summary>
public enum DefenderNames
{
    /// <summary><c>header</c>, <c>tcp_connections</c>, <c>remote_addr</c> ...</summary>
    LongNames,

    /// <summary><c>hed</c>, <c>tc</c>, <c>rad</c> ...: fewer bytes over the air. Names of custom metrics and their types stay long.</summary>
    ShortNames,
}
