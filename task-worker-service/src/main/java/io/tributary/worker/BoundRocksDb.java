package io.tributary.worker;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of RocksDB: all partitions of a worker share one block cache, which their write buffers count
 * against. By default each partition would have its own, about 100 MB.
 */
public final class BoundRocksDb implements RocksDBConfigSetter {

    private static final long CACHE_BYTES = 128L * 1024 * 1024;
    private static final long WRITE_BUFFER_BYTES = 64L * 1024 * 1024;
    private static final double FOR_INDEX_AND_FILTERS = 0.1;

    // The native objects live as long as the process, as do the stores that use them.
    private static final Cache CACHE = new LRUCache(CACHE_BYTES, -1, false, FOR_INDEX_AND_FILTERS);
    private static final WriteBufferManager WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        var table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITE_BUFFERS);
    }

    @Override
    public void close(String storeName, Options options) {
        // The shared objects stay.
    }
}
